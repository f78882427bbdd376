/** Families of words (`<legs>`) put into the terms that name them, so that a term says what kind of words it is made of. */
import type { Meanings } from './schema.ts'

const named = /<([a-z-]+)>/

/** The same meanings, every term in plain words. Names that no family has stay as they are; the checks tell of them. */
export function withFamilies(meanings: Meanings): Meanings {
  const families = new Map<string, readonly string[]>()
  // A family may hold those that stand before it.
  for (const [name, members] of Object.entries(meanings.families))
    families.set(name, [...new Set(members.flatMap((member) => spelledOut(member, families)))])
  return {
    ...meanings,
    meanings: meanings.meanings.map((entry) => ({
      ...entry,
      terms: [...new Set(entry.terms.flatMap((term) => plain(term, families)))],
    })),
  }
}

/** Every name that a term holds. */
export const familiesIn = (term: string): string[] =>
  [...term.matchAll(/<([a-z-]+)>/g)].map(([, name = '']) => name)

type Families = ReadonlyMap<string, readonly string[]>

/** A term of several parts stays one term, with a choice in each part; one of a single part becomes several. */
function plain(term: string, families: Families): string[] {
  if (!named.test(term)) return [term]
  if (!/[+~]/.test(term)) return spelledOut(term, families)
  const inPart = (part: string) =>
    part
      .split(' / ')
      .flatMap((choice) => spelledOut(choice.trim(), families))
      .join(' / ')
  return [
    term
      .split(/([+~])/)
      .map((part, at) => (at % 2 === 1 ? ` ${part} ` : inPart(part)))
      .join(''),
  ]
}

function spelledOut(phrase: string, families: Families): string[] {
  const found = named.exec(phrase)
  const members = found && families.get(found[1] ?? '')
  if (!found || !members) return [phrase]
  const after = phrase.slice(found.index + found[0].length)
  return members.flatMap((member) => spelledOut(`${phrase.slice(0, found.index)}${member}${after}`, families))
}
