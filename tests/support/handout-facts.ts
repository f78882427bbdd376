/** Facts for handouts, written by name: what is not named is known and says no. */

import { factsAsked } from '../../src/handouts/compose.ts'
import { answersOf } from '../../src/pathway/answers.ts'
import type { Content } from '../../src/pathway/content.ts'
import { answer, cannotTell, type Facts, type Known } from '../../src/pathway/known.ts'

export type Told = Readonly<Record<string, boolean | number | string>> | 'everything-unknown'

export function factsTold(content: Content, told: Told): Facts {
  const asked = factsAsked(content)
  if (told === 'everything-unknown') return new Map(asked.map((name) => [name, cannotTell()]))
  const stray = Object.keys(told).filter((name) => !content.facts[name])
  if (stray.length > 0) throw new Error(`No fact is called ${stray.join(' or ')}`)
  return new Map(asked.map((name) => [name, known(content, name, told[name])]))
}

function known(content: Content, name: string, told: boolean | number | string | undefined): Known {
  if (told === 'unknown') return cannotTell()
  if (typeof told === 'number') return answer({ low: told, high: told })
  if (told !== undefined) return answer(told)
  const fact = content.facts[name]
  const answers = fact && answersOf(fact)
  if (name === 'adult') return answer(true)
  if (answers === 'yes-or-no') return answer(false)
  const otherwise = fact?.kind === 'draft-order' ? fact.otherwise : undefined
  if (otherwise === undefined) throw new Error(`Say what ${name} is`)
  return answer(otherwise)
}
