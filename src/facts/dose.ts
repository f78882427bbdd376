/** Morphine milligram equivalents a day, and days of supply, of one medicine. Undefined when nobody can tell. */
import type { CodeRow } from '../pathway/codes.ts'
import type { Content } from '../pathway/content.ts'
import type { Exposure } from './exposures.ts'
import { type Amount, amountADay, sigsOf } from './sig.ts'
import { suppliedQuantity } from './supply.ts'
import { type Concept, type Element, wordsOfConcept } from './wire.ts'
import { saysOneOf } from './words.ts'

// How strong a product is, read from a name in the manner of RxNorm ("acetaminophen 325 MG / oxycodone 5 MG Oral
// Tablet") or of an EHR ("oxyCODONE-acetaminophen 5-325 mg per tablet").

interface Strength {
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

interface Factor {
  ingredient: string
  /** Finds its name as a whole word. */
  named: RegExp
  factor: number
  /** Converts micrograms an hour of a patch, not milligrams a day. */
  ofPatch: boolean
}

/** CDC factors by ingredient. A row that says "none" converts to nothing; one that says no number has no factor. */
export function factorsIn(content: Content, set: string): ReadonlyMap<string, Factor> {
  const factors = new Map<string, Factor>()
  for (const row of content.codes.rows) {
    const written = row.set === set ? row.columns.mme_factor_cdc2022 : undefined
    const factor = written?.startsWith('none') ? 0 : Number.parseFloat(written ?? '')
    if (!Number.isFinite(factor)) continue
    const ingredient = row.display.toLowerCase()
    const named = new RegExp(`\\b${ingredient}\\b`)
    factors.set(ingredient, { ingredient, named, factor, ofPatch: written?.includes('mcg/h') ?? false })
  }
  return factors
}

/** What an exposure is, as far as dose goes: its ingredient, and whether it is long-acting. */
interface DosedMedicine {
  factor: Factor | undefined
  strength: Strength | undefined
  longActing: boolean
}

export function dosedMedicine(
  exposure: Exposure,
  row: CodeRow,
  factors: ReadonlyMap<string, Factor>,
  { codes, medicines }: Pick<Content, 'codes' | 'medicines'>,
): DosedMedicine {
  const names = [row.columns.ingredient, row.display].flatMap((name) => (name ? [name.toLowerCase()] : []))
  const factor =
    names.flatMap((name) => factors.get(name) ?? [])[0] ??
    // A combination is converted by its opioid part: the ingredient whose name stands in it.
    [...factors.values()].find(({ named }) => names.some((name) => named.test(name)))
  // Each name by itself: the same product under two names is not twice as strong.
  const said = exposure.concepts.flatMap(namesOfConcept)
  const products = [row.columns.ingredient ? row.display : '', ...said]
  const strength =
    factor &&
    products.flatMap(
      (product) => strengthOf(codes.inIngredients(withoutBrand(product)), factor.ingredient) ?? [],
    )[0]
  const release = row.columns.er_la
  const longActing = release ? release === 'yes' : saysOneOf(said.join(' | '), medicines['long-acting'])
  return { factor, strength, longActing }
}

const namesOfConcept = (concept: Concept) => wordsOfConcept(concept).split(' | ')

/** RxNorm's brand behind the product: "... 5 MG Oral Tablet [Percocet]". */
const withoutBrand = (product: string) => {
  const at = product.lastIndexOf(' [')
  return at > 0 ? product.slice(0, at) : product
}

/** Zero for what converts to nothing (buprenorphine); undefined when factor or dose cannot be known. */
export function mmeADay(exposure: Exposure, { factor, strength }: DosedMedicine): number | undefined {
  if (!factor) return undefined
  if (factor.factor === 0) return 0
  const source = exposure.resource as unknown as Element
  if (factor.ofPatch) {
    return strength?.per === 'hour' ? strength.mg * 1000 * patchesAtOnce(source) * factor.factor : undefined
  }
  const mg = milligramsADay(source, strength)
  return mg === undefined ? undefined : mg * factor.factor
}

function milligramsADay(source: Element, strength: Strength | undefined): number | undefined {
  const amount = amountADay(sigsOf(source), unitsOf(strength))
  if (!amount) return undefined
  return amount.unit === 'mg' ? amount.value : strength && amount.value * strength.mg
}

/** Units that can be converted. Milligrams of a combination may mean either part. */
function unitsOf(strength: Strength | undefined): Amount['unit'][] {
  const milligrams: Amount['unit'][] = strength?.alone === false ? [] : ['mg']
  if (strength?.per === 'piece') return [...milligrams, 'each']
  return strength?.per === 'ml' ? [...milligrams, 'ml'] : milligrams
}

/** Patches worn together; a patch is changed every few days, so "one every 72 hours" is one at a time. */
function patchesAtOnce(source: Element): number {
  const worn = sigsOf(source).flatMap(
    ({ amounts }) => amounts.find(({ unit }) => unit === 'each')?.value ?? [],
  )
  return Math.max(1, ...worn)
}

/** Doses that the order dispenses: tablets and the like one by one, a liquid by the amount of each dose. */
export function quantityDispensed(source: Element): Amount | undefined {
  const quantity = suppliedQuantity(source)
  if (quantity?.unit !== 'ml') return quantity
  const each = Math.max(
    0,
    ...sigsOf(source).flatMap(({ amounts }) => amounts.find(({ unit }) => unit === 'ml')?.value ?? []),
  )
  const doses = quantity.value / each
  return Number.isFinite(doses) ? { value: doses, unit: 'each' } : undefined
}
