/** What a suggestion or a system action would do to the record (section 7c), and the resources in it. */
import type { Call } from '../calls.ts'
import type { Judge } from '../findings.ts'
import { type Fields, hasText, isObject, objectsIn } from '../http.ts'

/** What R4 requires of resources that cards create; of `medication[x]` one of several. */
const required: Readonly<Record<string, readonly (readonly string[])[]>> = {
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
}

export function checkActions(actions: readonly Fields[], call: Call, name: string, judge: Judge): void {
  for (const { type, description, resource, resourceId } of actions) {
    judge('7c-type', ['create', 'update', 'delete'].includes(String(type)), `${name}: ${String(type)}`)
    judge('7c-description', hasText(description), `${name}: description ${JSON.stringify(description)}`)
    if (type === 'delete') {
      const id = Array.isArray(resourceId) ? resourceId[0] : resourceId
      judge(
        '7c-delete',
        hasText(id) && resource === undefined,
        `${name}: ${JSON.stringify({ resourceId, resource })}`,
      )
      if (hasText(id)) judge('ACT-2', isDrafted(id, call), `${name}: deletes ${id}`)
      continue
    }
    judge('7c-resource', isObject(resource), `${name}: ${String(type)} of ${typeof resource}`)
    if (!isObject(resource)) continue
    checkResource(resource, name, judge)
    if (type === 'update') {
      const reference = `${resource.resourceType}/${resource.id}`
      judge('ACT-2', isDrafted(reference, call), `${name}: updates ${reference}`)
    } else checkDraft(resource, call, name, judge)
  }
}

function checkResource(resource: Fields, name: string, judge: Judge): void {
  const { resourceType } = resource
  const missing = (required[String(resourceType)] ?? []).filter(
    (names) => !names.some((each) => resource[each] !== undefined),
  )
  const says = missing.length > 0 ? `lacks ${missing.map((names) => names.join(' or ')).join(', ')}` : 'whole'
  judge('GEN-4', hasText(resourceType) && missing.length === 0, `${name}: ${String(resourceType)} ${says}`)
}

function checkDraft(resource: Fields, call: Call, name: string, judge: Judge): void {
  const subject = isObject(resource.subject) ? String(resource.subject.reference) : undefined
  const isForPatient = subject === undefined || subject.endsWith(`Patient/${String(call.context.patientId)}`)
  const isOrder = ['ServiceRequest', 'MedicationRequest', 'DeviceRequest'].includes(
    String(resource.resourceType),
  )
  const isDraft = !isOrder || resource.status === 'draft'
  judge('ACT-3', isForPatient && isDraft, `${name}: ${String(resource.status)} for ${subject}`)
}

function isDrafted(reference: string, { context }: Call): boolean {
  const bundles = Object.values(context).filter(isObject)
  const drafted = bundles.flatMap(({ entry }) =>
    objectsIn(entry).flatMap(({ resource }) =>
      isObject(resource) ? [`${resource.resourceType}/${resource.id}`] : [],
    ),
  )
  return drafted.includes(reference)
}
