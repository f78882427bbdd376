/** Lists of decisions about the entries of a code system: the first line that fits decides. */
import type { Pick } from '../../pathway/schema.ts'
import type { Entry } from './reference.ts'

/** `asPrefixes`: codes are made of places, so that the beginning of one names a family. */
export function compilePicks(
  picks: readonly Pick[],
  asPrefixes: boolean,
): (entry: Entry) => Pick | undefined {
  const tests = picks.map((pick) => ({ pick, fits: compilePick(pick, asPrefixes) }))
  return (entry) => tests.find(({ fits }) => fits(entry))?.pick
}

function compilePick(pick: Pick, asPrefixes: boolean): (entry: Entry) => boolean {
  const { topics, ingredients, kinds, routes, codes } = pick
  const says = wordTest(pick.words)
  const mustNotSay = wordTest(pick.without)
  const among = (list: readonly string[] | undefined, value: string) =>
    list === undefined || list.includes(value)
  const isNamed = (code: string) =>
    asPrefixes ? codes === undefined || codes.some((each) => code.startsWith(each)) : among(codes, code)
  return (entry) =>
    among(topics, entry.topic) &&
    among(ingredients, entry.ingredient) &&
    among(kinds, entry.kind) &&
    among(routes, entry.route) &&
    isNamed(entry.code) &&
    (says === undefined || says(entry.says)) &&
    (mustNotSay === undefined || !mustNotSay(entry.says))
}

function wordTest(words: readonly string[] | undefined): ((text: string) => boolean) | undefined {
  if (words === undefined) return undefined
  const wanted = words.map((each) => each.toLowerCase())
  return (text) => {
    const said = text.toLowerCase()
    return wanted.some((each) => beginsWord(said, each))
  }
}

function beginsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at === 0 || !/[a-z0-9]/.test(text[at - 1] ?? '')) return true
  }
  return false
}
