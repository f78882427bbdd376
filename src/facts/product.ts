/** What a medicine is: its product, in itself or behind its reference, in the spellings of STU3, R4 and R5. */
import type { FhirResource } from 'fhir/r4.js'
import type { PatientRecord } from '../record/record.ts'
import {
  type Concept,
  concepts,
  type Element,
  element,
  elements,
  number,
  text,
  wordsOfConcept,
} from './wire.ts'

export interface Product {
  /** Codes and words that name it: its own, its ingredients', and what its reference shows. */
  said: readonly Concept[]
  /** Words for its form: "Oral Tablet". */
  form: string
  /** What its references lead to was not read whole. */
  isCut: boolean
}

/** The elements that name what is taken; a Medication may itself be named by its ingredients. */
export function productOf(resource: FhirResource, source: Element, record: PatientRecord): Product {
  const direct = [...concepts(source.medicationCodeableConcept), ...concepts(source.medication)].filter(
    isSaid,
  )
  const referred = referencesOf(source).map((reference) => behind(reference, resource, record))
  return {
    said: [...direct, ...referred.flatMap(({ said }) => said)],
    form: referred.map(({ form }) => form).join(' '),
    isCut: referred.some(({ isCut }) => isCut),
  }
}

const isSaid = ({ codings, text }: Concept) =>
  text !== undefined || codings.some(({ code, display }) => code !== undefined || display !== undefined)

/** R4 has an element of its own; in R5 the reference stands in a CodeableReference, and some senders mix both. */
function referencesOf(source: Element): Element[] {
  const medication = element(source.medication)
  return [element(source.medicationReference), element(medication?.reference), medication].filter(
    (each): each is Element =>
      each !== undefined && (text(each.reference) !== undefined || text(each.display) !== undefined),
  )
}

function behind(reference: Element, from: FhirResource, record: PatientRecord): Product {
  const display = text(reference.display)
  const shown: Concept[] = display === undefined ? [] : [{ codings: [], text: display }]
  const target = record.resolve(text(reference.reference), from)
  if (!target) return { said: shown, form: '', isCut: false }
  const medication = target as unknown as Element
  const product = element(medication.product)
  const ingredients = [...elements(medication.ingredient), ...elements(product?.ingredient)]
  return {
    said: [
      ...concepts(medication.code).filter(isSaid),
      ...ingredients.flatMap((each) => ingredientOf(each, target, record)),
      ...shown,
    ],
    form: [medication.form, medication.doseForm, product?.form]
      .flatMap((form) => concepts(form))
      .map(wordsOfConcept)
      .join(' '),
    isCut: record.isCut(target),
  }
}

/** With its strength in words, in the manner of RxNorm: "oxycodone 5 mg". */
function ingredientOf(ingredient: Element, from: FhirResource, record: PatientRecord): Concept[] {
  if (ingredient.isActive === false) return []
  const item = element(ingredient.item)
  const reference = element(ingredient.itemReference) ?? element(item?.reference) ?? item
  const target = record.resolve(text(reference?.reference), from) as Element | undefined
  const said = [
    ...concepts(ingredient.itemCodeableConcept),
    ...concepts(ingredient.item),
    ...concepts(target?.code),
    ...concepts(text(reference?.display)),
  ].filter(isSaid)
  const strength = strengthOf(ingredient)
  const [first] = said
  if (!first || strength === undefined) return said
  const name = first.text ?? first.codings.find(({ display }) => display !== undefined)?.display
  return name === undefined ? said : [...said, { codings: [], text: `${name} ${strength}` }]
}

function strengthOf(ingredient: Element): string | undefined {
  const strength = element(ingredient.strength) ?? element(ingredient.strengthRatio)
  const amount = element(strength?.numerator)
  const value = number(amount?.value)
  const unit = text(amount?.unit) ?? text(amount?.code)
  if (value === undefined || unit === undefined) return undefined
  const per = element(strength?.denominator)
  const perUnit = (text(per?.unit) ?? text(per?.code) ?? '').toLowerCase()
  const divisor = number(per?.value) ?? 1
  return perUnit === 'ml' ? `${value} ${unit}/${divisor} ml` : divisor === 1 ? `${value} ${unit}` : undefined
}
