/** Conditions ask facts that exist, for answers that those facts can give. */
import { answersOf, questionsIn } from '../answers.ts'
import type { Path } from '../files.ts'
import type { Named } from '../named.ts'
import { type Place, type Problems, unknownName } from '../problems.ts'
import type { FactDeclaration, Wanted, When } from '../schema.ts'

export function checkWhen(
  { facts }: { facts: Named<FactDeclaration> },
  when: When,
  place: (...path: Path) => Place,
  problems: Problems,
) {
  for (const { fact: name, wanted, path } of questionsIn(when)) {
    if (facts.lacks(name)) problems.add(place(...path), unknownName('fact', name, facts.names))
    const fact = facts.get(name)
    const misfit = fact && misfitOf(name, fact, wanted)
    if (misfit) problems.add(place(...path), misfit)
  }
}

function misfitOf(name: string, fact: FactDeclaration, wanted: Wanted): string | undefined {
  const answers = answersOf(fact)
  const got = typeof wanted === 'object' ? 'a comparison' : `"${wanted}"`
  if (answers === 'yes-or-no') {
    return typeof wanted === 'boolean' ? undefined : `"${name}" answers true or false, not ${got}`
  }
  if (answers === 'number') {
    if (typeof wanted === 'object') return undefined
    return `"${name}" is a number, not ${got}: compare it, as in { at-least: $name } or { below: $name }`
  }
  // A list of words that is missing altogether is told where the fact is declared.
  if (answers.length === 0 || (typeof wanted === 'string' && answers.includes(wanted))) return undefined
  if (typeof wanted === 'string') return unknownName(`word for ${name}`, wanted, answers)
  return `"${name}" answers one of ${answers.join(', ')}, not ${got}`
}
