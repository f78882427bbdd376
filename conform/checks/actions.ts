/** What a suggestion or a system action would do to the record (section 7c), and the resources in it. */
import type { Call } from '../calls.ts'
import type { Judge } from '../findings.ts'
import { type Fields, hasText, isObject, objectsIn } from '../http.ts'
import { shown, worded } from '../shown.ts'

/** What R4 requires of resources that cards create; of `medication[x]` one of several. */
const required: ReadonlyMap<string, readonly (readonly string[])[]> = new Map(
  Object.entries({
    ServiceRequest: [['status'], ['intent'], ['subject']],
    MedicationRequest: [
      ['status'],
      ['intent'],
      ['subject'],
      ['medicationCodeableConcept', 'medicationReference'],
    ],
    DeviceRequest: [['intent'], ['subject'], ['codeCodeableConcept', 'codeReference']],
    NutritionOrder: [['status'], ['intent'], ['patient'], ['dateTime']],
    VisionPrescription: [
      ['status'],
      ['created'],
      ['patient'],
      ['dateWritten'],
      ['prescriber'],
      ['lensSpecification'],
    ],
    Condition: [['subject']],
    Appointment: [['status'], ['participant']],
    Task: [['status'], ['intent']],
    Communication: [['status']],
    CommunicationRequest: [['status']],
    Procedure: [['status'], ['subject']],
    Observation: [['status'], ['code']],
    Immunization: [['status'], ['vaccineCode'], ['patient'], ['occurrenceDateTime', 'occurrenceString']],
    CarePlan: [['status'], ['intent'], ['subject']],
  }),
)

export function checkActions(actions: readonly Fields[], call: Call, name: string, judge: Judge): void {
  for (const { type, description, resource, resourceId } of actions) {
    judge('7c-type', ['create', 'update', 'delete'].includes(worded(type)), `${name}: ${worded(type)}`)
    judge('7c-description', hasText(description), `${name}: description ${shown(description)}`)
    if (type === 'delete') {
      const id = Array.isArray(resourceId) ? resourceId[0] : resourceId
      judge(
        '7c-delete',
        hasText(id) && resource === undefined,
        `${name}: resourceId ${shown(resourceId)}, resource ${shown(resource)}`,
      )
      if (hasText(id)) judge('ACT-2', isDrafted(id, call), `${name}: deletes ${shown(id)}`)
      continue
    }
    judge('7c-resource', isObject(resource), `${name}: ${worded(type)} of ${typeof resource}`)
    if (!isObject(resource)) continue
    checkResource(resource, name, judge)
    if (type === 'update') {
      const reference = referenceTo(resource)
      judge('ACT-2', isDrafted(reference, call), `${name}: updates ${shown(reference)}`)
    } else checkDraft(resource, call, name, judge)
  }
}

function checkResource(resource: Fields, name: string, judge: Judge): void {
  const { resourceType } = resource
  const missing = (required.get(worded(resourceType)) ?? []).filter(
    (names) => !names.some((each) => resource[each] !== undefined),
  )
  const says = missing.length > 0 ? `lacks ${missing.map((names) => names.join(' or ')).join(', ')}` : 'whole'
  judge('GEN-4', hasText(resourceType) && missing.length === 0, `${name}: ${shown(resourceType)} ${says}`)
}

function checkDraft(resource: Fields, call: Call, name: string, judge: Judge): void {
  const subject = isObject(resource.subject) ? worded(resource.subject.reference) : undefined
  const isForPatient = subject === undefined || subject.endsWith(`Patient/${worded(call.context.patientId)}`)
  const isOrder = ['ServiceRequest', 'MedicationRequest', 'DeviceRequest'].includes(
    worded(resource.resourceType),
  )
  const isDraft = !isOrder || resource.status === 'draft'
  judge('ACT-3', isForPatient && isDraft, `${name}: ${shown(resource.status)} for ${shown(subject)}`)
}

function isDrafted(reference: string, { context }: Call): boolean {
  const bundles = Object.values(context).filter(isObject)
  const drafted = bundles.flatMap(({ entry }) =>
    objectsIn(entry).flatMap(({ resource }) => (isObject(resource) ? [referenceTo(resource)] : [])),
  )
  return drafted.includes(reference)
}

const referenceTo = ({ resourceType, id }: Fields) => `${worded(resourceType)}/${worded(id)}`
