/** Morphine milligram equivalents a day, and days of supply, of one medicine. Undefined when nobody can tell. */
import type { CodeRow } from '../pathway/codes.ts'
import type { Content } from '../pathway/content.ts'
import { suppliedQuantity } from './days-supply.ts'
import type { Exposure } from './exposures.ts'
import { type Amount, amountADay, sigsOf } from './sig.ts'
import { type Strength, strengthOf } from './strength.ts'
import { type Concept, type Element, wordsOfConcept } from './wire.ts'
import { saysOneOf } from './words.ts'

export interface Factor {
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
export interface DosedMedicine {
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
