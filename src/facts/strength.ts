/**
 * How strong a product is, read from a name in the manner of RxNorm ("acetaminophen 325 MG / oxycodone 5 MG Oral
 * Tablet") or of an EHR ("oxyCODONE-acetaminophen 5-325 mg per tablet").
 */

export interface Strength {
  /** Milligrams of the ingredient in each piece, each millilitre, or released each hour. */
  mg: number
  per: 'piece' | 'ml' | 'hour'
  /** True when nothing else is in it, so that a dose in milligrams can only mean this ingredient. */
  alone: boolean
}

/** Names come from the caller; what is longer than this is none. */
const longestName = 1000

/** Several parts of one ingredient (a salt and another) add up. Undefined when the name states no strength. */
export function strengthOf(product: string, ingredient: string): Strength | undefined {
  const name = new RegExp(`\\b${ingredient.toLowerCase()}\\b`)
  const parts = product
    .slice(0, longestName)
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .split(/ \/ | \+ /)
  const own = parts.filter((part) => name.test(part))
  const read = own.flatMap((part) => strengthIn(part, name) ?? [])
  const [first] = read
  if (!first || read.some(({ per }) => per !== first.per)) return undefined
  return {
    mg: read.reduce((sum, { mg }) => sum + mg, 0),
    per: first.per,
    alone: own.length === parts.length && read.every(({ alone }) => alone),
  }
}

/**
 * `5 mg`, `5-325 mg`, `5 mg/325 mg`, `100 mg/5 ml`, `25 mcg/hr`. Each repeat has a limit and begins with a sign of its
 * own, and a blank is one: foreign text can be read in one way only, and so in a time that grows with its length.
 */
const strength =
  /(?<![\d.])(?<values>[\d.]{1,12}(?: ?(?:(?:mg|mcg|ug) ?)?[-/] ?[\d.]{1,12}){0,5}) ?(?<unit>mg|mcg|ug)(?: ?\/ ?(?<volume>[\d.]{1,12} ?)?(?<per>ml|hours?|hr|h|actuat))?(?![a-z])/

/** `5-325`, `10/325`: a combination is often written without its unit. */
const bare = /(?<![\d.])(?<values>\d{1,3}(?:\.\d{1,2})? ?[-/] ?\d{2,4})(?![\d.%])/

function strengthIn(part: string, name: RegExp): Strength | undefined {
  const found = strength.exec(part) ?? bare.exec(part)
  if (!found) return undefined
  const { values = '', unit = 'mg', volume, per } = found.groups ?? {}
  const each = values.split(/ ?(?:mg|mcg|ug)? ?[-/] ?/).map(Number)
  const value = each.length === 1 ? each[0] : each[placeOf(name, part.slice(0, found.index), each.length)]
  const divisor = volume === undefined ? 1 : Number.parseFloat(volume)
  if (value === undefined || !Number.isFinite(value) || !(divisor > 0) || per === 'actuat') return undefined
  const mg = unit === 'mg' ? value / divisor : value / divisor / 1000
  return { mg, per: per === 'ml' ? 'ml' : per ? 'hour' : 'piece', alone: each.length === 1 }
}

/** Strengths that are joined stand in the order of the names that are joined; -1 when these are not as many. */
function placeOf(name: RegExp, before: string, count: number): number {
  const names = before.replace(/\([^()]*\)/g, '').split(/ ?[-/,] ?| (?:and|with) /)
  return names.length === count ? names.findIndex((each) => name.test(each)) : -1
}
