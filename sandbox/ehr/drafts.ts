/** Draft orders of the mock EHR: made, changed by hand, changed by suggestions, and made into orders by signing. */
import type { FhirResource, MedicationRequest, ServiceRequest } from 'fhir/r4.js'
import type { Action } from './answer.ts'

export type Draft = (ServiceRequest | MedicationRequest) & { id: string }

export const isOrder = (resource: FhirResource): resource is ServiceRequest | MedicationRequest =>
  resource.resourceType === 'ServiceRequest' || resource.resourceType === 'MedicationRequest'

const referenceTo = ({ resourceType, id }: Draft) => `${resourceType}/${id}`

export function nameOf(order: FhirResource): string {
  if (order.resourceType === 'ServiceRequest') return textOf(order.code) ?? 'Order without a name'
  if (order.resourceType !== 'MedicationRequest') return order.resourceType
  return (
    textOf(order.medicationCodeableConcept) ?? order.medicationReference?.display ?? 'Medicine without a name'
  )
}

interface Concept {
  text?: string | undefined
  coding?: readonly { display?: string | undefined; code?: string | undefined }[] | undefined
}

export const textOf = (concept: Concept | undefined): string | undefined =>
  concept?.text ?? concept?.coding?.find(({ display }) => display)?.display ?? concept?.coding?.[0]?.code

// ---------------------------------------------------------------- suggestions

interface Applied {
  drafts: readonly Draft[]
  /** The created drafts. */
  created: readonly Draft[]
}

/** Why nothing was changed. */
interface NotApplied {
  problem: string
}

/**
 * All actions, or none (SUG-4): deletes, then creates, then updates. Drafts alone are changed, and what is created is a
 * draft of this patient.
 */
export function applyActions(
  drafts: readonly Draft[],
  actions: readonly Action[],
  about: { patientId: string; newId: () => string },
): Applied | NotApplied {
  let left = [...drafts]
  const created: Draft[] = []
  for (const action of [...actions].sort((a, b) => turn[a.type] - turn[b.type])) {
    if (action.type === 'delete') {
      const at = indexOf(
        left,
        action.resourceId ?? (typeof action.resource === 'string' ? action.resource : ''),
      )
      if (at === -1) return { problem: 'The order that it would remove is no longer drafted.' }
      left = left.toSpliced(at, 1)
      continue
    }
    const { resource } = action
    if (typeof resource !== 'object' || !isOrder(resource)) {
      return {
        problem: `This EHR cannot draft a ${typeof resource === 'object' ? resource.resourceType : 'resource'}.`,
      }
    }
    const subject = resource.subject?.reference ?? ''
    if (subject !== '' && !subject.endsWith(`Patient/${about.patientId}`))
      return { problem: 'It names another patient.' }
    if (action.type === 'create') {
      const draft: Draft = { ...resource, id: about.newId(), status: 'draft' }
      created.push(draft)
      continue
    }
    const at = indexOf(left, `${resource.resourceType}/${resource.id}`)
    if (at === -1) return { problem: 'The order that it would change is no longer drafted.' }
    left = left.with(at, { ...resource, id: resource.id ?? '' })
  }
  return { drafts: [...left, ...created], created }
}

const turn = { delete: 0, create: 1, update: 2 }

const indexOf = (drafts: readonly Draft[], reference: string) =>
  drafts.findIndex((draft) => referenceTo(draft) === reference)

/** Could it be applied to these drafts now? */
export function isApplicable(
  drafts: readonly Draft[],
  actions: readonly Action[],
  patientId: string,
): boolean {
  return (
    actions.length > 0 && !('problem' in applyActions(drafts, actions, { patientId, newId: () => 'new' }))
  )
}

// ---------------------------------------------------------------- changes by hand

export const priorities = ['routine', 'urgent', 'asap', 'stat'] as const

/** How often, as a clinician picks it. */
export const timings = [
  { words: 'once a day', frequency: 1, period: 1, periodUnit: 'd' },
  { words: 'twice a day', frequency: 2, period: 1, periodUnit: 'd' },
  { words: 'three times a day', frequency: 3, period: 1, periodUnit: 'd' },
  { words: 'four times a day', frequency: 4, period: 1, periodUnit: 'd' },
  { words: 'every 4 hours', frequency: 1, period: 4, periodUnit: 'h' },
  { words: 'every 6 hours', frequency: 1, period: 6, periodUnit: 'h' },
  { words: 'every 8 hours', frequency: 1, period: 8, periodUnit: 'h' },
  { words: 'every 12 hours', frequency: 1, period: 12, periodUnit: 'h' },
] as const

/** What the form of a draft says; an empty field says nothing. */
export interface Details {
  /** `Condition/abc` */
  reason?: string | undefined
  reasonText?: string | undefined
  priority?: string | undefined
  dose?: number | undefined
  /** Words of `timings`. */
  timing?: string | undefined
  asNeeded?: boolean | undefined
  /** Days. */
  supply?: number | undefined
  quantity?: number | undefined
  refills?: number | undefined
}

export function change(draft: Draft, details: Details): Draft {
  const { reasonReference: _, reasonCode: __, priority: ___, ...rest } = draft
  const common = { ...rest, ...reasonOf(details), ...priorityOf(details.priority) } as Draft
  return common.resourceType === 'MedicationRequest' ? withDose(common, details) : common
}

function reasonOf({ reason, reasonText }: Details) {
  return {
    ...(reason ? { reasonReference: [{ reference: reason }] } : {}),
    ...(reasonText ? { reasonCode: [{ text: reasonText }] } : {}),
  }
}

function priorityOf(asked: string | undefined) {
  const priority = priorities.find((each) => each === asked)
  return priority ? { priority } : {}
}

function withDose(order: MedicationRequest & { id: string }, details: Details): Draft {
  const unit = unitOf(order)
  const { timing, text } = sigOf(details, unit.unit)
  const { dose, asNeeded, supply, quantity, refills } = details
  const { dosageInstruction, dispenseRequest: _, ...rest } = order
  const {
    text: __,
    timing: ___,
    asNeededBoolean: ____,
    doseAndRate: _____,
    ...kept
  } = dosageInstruction?.[0] ?? {}
  const dispense = {
    ...(refills === undefined ? {} : { numberOfRepeatsAllowed: refills }),
    ...(quantity === undefined ? {} : { quantity: { ...unit, value: quantity } }),
    ...(supply === undefined
      ? {}
      : { expectedSupplyDuration: { value: supply, unit: 'days', system: ucum, code: 'd' } }),
  }
  const instruction = {
    ...kept,
    text,
    ...(timing ? { timing: { repeat: timing } } : {}),
    ...(asNeeded ? { asNeededBoolean: true } : {}),
    ...(dose === undefined ? {} : { doseAndRate: [{ doseQuantity: { ...unit, value: dose } }] }),
  }
  return {
    ...rest,
    ...(text === '' ? {} : { dosageInstruction: [instruction] }),
    ...(Object.keys(dispense).length > 0 ? { dispenseRequest: dispense } : {}),
  }
}

const ucum = 'http://unitsofmeasure.org'

/** As the draft already counts it, or by the word for the form in the medicine's name. */
export function unitOf(order: MedicationRequest) {
  const given =
    order.dosageInstruction?.[0]?.doseAndRate?.[0]?.doseQuantity ?? order.dispenseRequest?.quantity
  if (given) {
    const { value: _, ...unit } = given
    return { ...unit, unit: given.unit ?? '' }
  }
  const form = /\b(tablet|capsule|patch|film|suppository|spray)\b/i.exec(nameOf(order))?.[1]
  return { unit: form?.toLowerCase() ?? (/\b(solution|suspension)\b/i.test(nameOf(order)) ? 'mL' : 'dose') }
}

function sigOf({ dose, timing: asked, asNeeded }: Details, unit: string) {
  const found = timings.find(({ words }) => words === asked)
  const amount = dose === undefined ? '' : `${dose} ${counted(unit, dose)}`
  const words = [amount, found?.words, asNeeded ? 'as needed for pain' : ''].filter(Boolean).join(' ')
  const timing = found && { frequency: found.frequency, period: found.period, periodUnit: found.periodUnit }
  return { timing, text: words === '' ? '' : `Take ${words}` }
}

/** `2 tablets`, `5 mL` */
function counted(unit: string, amount: number): string {
  const word = unit === 'TAB' ? 'tablet' : unit
  return amount !== 1 && /^(tablet|capsule|film|spray|dose)$/.test(word) ? `${word}s` : word
}

/** What the form shows of a draft. */
export function detailsOf(draft: Draft): Details {
  const reason = draft.reasonReference?.[0]?.reference
  const reasonText = textOf(draft.reasonCode?.[0])
  if (draft.resourceType === 'ServiceRequest') return { reason, reasonText, priority: draft.priority }
  const dosage = draft.dosageInstruction?.[0]
  const repeat = dosage?.timing?.repeat
  const timing = timings.find(
    ({ frequency, period, periodUnit }) =>
      frequency === repeat?.frequency && period === repeat.period && periodUnit === repeat.periodUnit,
  )
  const { quantity, expectedSupplyDuration, numberOfRepeatsAllowed } = draft.dispenseRequest ?? {}
  return {
    reason,
    reasonText,
    priority: draft.priority,
    dose: dosage?.doseAndRate?.[0]?.doseQuantity?.value,
    timing: timing?.words,
    asNeeded: dosage?.asNeededBoolean,
    supply: expectedSupplyDuration?.value,
    quantity: quantity?.value,
    refills: numberOfRepeatsAllowed,
  }
}

// ---------------------------------------------------------------- signing

/** The order that a signed draft becomes; its id is the server's to give. */
export function signedOrder(draft: Draft, requester: string, today: string): FhirResource {
  const { id: _, ...rest } = draft
  return {
    ...rest,
    status: 'active',
    intent: 'order',
    authoredOn: today,
    requester: { reference: requester },
  } as FhirResource
}
