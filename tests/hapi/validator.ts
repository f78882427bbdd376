/** HAPI's `$validate` against base R4, and the warnings that are no complaint, each with its reason. */
import type { FhirResource, OperationOutcome } from 'fhir/r4.js'
import { expect } from 'vitest'
import { fhirClient } from '../../sandbox/tests/fhir-client.ts'

/** By the validator's message id, or the words that it has none for. */
const allowedWarnings: readonly { id: string; says?: RegExp; because: string }[] = [
  {
    id: 'http://hl7.org/fhir/StructureDefinition/DomainResource#dom-6',
    because: 'a narrative is for documents that travel alone; whoever reads these has the data',
  },
  {
    id: 'Terminology_PassThrough_TX_Message',
    says: /^CodeSystem is unknown and can't be validated: (http:\/\/(hl7\.org\/fhir\/sid\/icd-10-cm|loinc\.org|snomed\.info\/sct|www\.ama-assn\.org\/go\/cpt|www\.nlm\.nih\.gov\/research\/umls\/rxnorm)|urn:oid:2\.16\.840\.1\.113883\.6\.(6|69|88|90|96)|urn:com\.epic\.\S+) for /,
    because: 'HAPI brings no licensed terminologies; the value sets of the pathway hold every code',
  },
  {
    id: 'Terminology_PassThrough_TX_Message',
    says: /^CodeSystem is unknown and can't be validated: urn:lumbar:error for /,
    because: 'the codes of our own failures are listed in src/errors.ts',
  },
  {
    id: 'Terminology_PassThrough_TX_Message',
    says: /^CodeSystem is unknown and can't be validated: urn:lumbar:rule for /,
    because: 'the exported package brings it, and it is not loaded',
  },
  {
    id: 'Terminology_PassThrough_TX_Message',
    says: /: http:\/\/hl7\.org\/fhir\/us\/core\/CodeSystem\/us-core-documentreference-category for /,
    because: 'this is base R4, and US Core is not loaded',
  },
  {
    id: 'Terminology_PassThrough_TX_Message',
    says: /: urn:example:\S+ for /,
    because: 'it stands for a code system of a site',
  },
  {
    id: 'Questionnaire_QR_Q_NotFound',
    says: /'urn:lumbar:/,
    because: 'HAPI looks up only questionnaires with an http address; contained, it validates by ours',
  },
  {
    id: 'BUNDLE_SEARCH_NOSELF',
    because: 'the calls that an invented EHR makes here hold what nobody searched for',
  },
  {
    id: 'All_observations_should_have_a_performer',
    because: 'who took a temperature or a weight decides nothing here',
  },
  {
    id: 'TYPE_SPECIFIC_CHECKS_DT_QTY_UCUM_ANNOTATIONS',
    says: /\{T-score\}/,
    because: 'UCUM has no other unit for a T-score',
  },
]

/** What is wrong with a resource, in the validator's words. */
export function validatorAt(base: string): (resource: FhirResource) => Promise<string[]> {
  const client = fhirClient(base)

  return async (resource) => {
    const { status, body } = await client.post<OperationOutcome>(
      `${resource.resourceType}/$validate`,
      resource,
    )
    // An outcome in another answer is one about the asking.
    expect(status).toBeLessThan(500)
    return body.issue.flatMap(({ severity, details, diagnostics = '', expression = [] }) => {
      const ids = details?.coding?.map(({ code }) => code) ?? []
      const isAllowed =
        severity === 'information' ||
        (severity === 'warning' &&
          allowedWarnings.some(({ id, says }) => ids.includes(id) && (says?.test(diagnostics) ?? true)))
      return isAllowed ? [] : [`${severity} ${ids.join(' ')} ${diagnostics} at ${expression.join(' ')}`]
    })
  }
}
