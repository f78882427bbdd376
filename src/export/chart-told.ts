/**
 * What a caller of the chart library gives beside the chart: the draft order, the visit, a checklist, and its word that what
 * it knows of came whole. Without that word nothing is "not there".
 */
import type { ParameterDefinition } from 'fhir/r4.js'

interface ChartParameter {
  name: string
  /** As CQL and as FHIR name it. */
  type: readonly [cql: string, fhir: ParameterDefinition['type']]
  says: string
}

const word: ChartParameter['type'] = ['Boolean', 'boolean']

/** By the type of a list of the chart; of medicines all four lists are one. */
const whole = (type: string, what: string): ChartParameter => ({
  name: `${type} told in full`,
  type: word,
  says: `True where every ${what} of the patient came, and nothing but codes tells of one: no words.`,
})

export const chartParameters: readonly ChartParameter[] = [
  { name: 'today', type: ['Date', 'date'], says: 'The day of the call.' },
  {
    name: 'drafted service',
    type: ['FHIR.ServiceRequest', 'ServiceRequest'],
    says: 'The draft order that is judged, where it is a service.',
  },
  {
    name: 'drafted medicine',
    type: ['FHIR.MedicationRequest', 'MedicationRequest'],
    says: 'The draft order that is judged, where it is a medicine.',
  },
  {
    name: 'Nothing else is drafted',
    type: word,
    says: 'True where the call drafts this order and no other; without an order, where it drafts none.',
  },
  { name: 'visit', type: ['String', 'string'], says: 'Id of the Encounter of the call, where it has one.' },
  {
    name: 'Visit is told',
    type: word,
    says: 'True where the call has no visit but the one that is named.',
  },
  {
    name: 'checklist',
    type: ['FHIR.QuestionnaireResponse', 'QuestionnaireResponse'],
    says: 'What a clinician answered lately to the questionnaire of this package.',
  },
  whole('Condition', 'problem'),
  whole('Observation', 'observation'),
  whole('Procedure', 'procedure'),
  whole('Encounter', 'visit'),
  whole('ServiceRequest', 'request'),
  whole('DiagnosticReport', 'report of imaging'),
  whole('ImagingStudy', 'imaging study'),
  whole('AllergyIntolerance', 'allergy'),
  whole('Medicine', 'medicine, ordered, dispensed, given or told,'),
]

// Without a default one engine takes a parameter that is not given for something that is.
export const parametersText: readonly string[] = chartParameters.map(
  ({ name, type: [type], says }) =>
    `// ${says}\nparameter "${name}" ${type}${name === 'today' ? ' default Today()' : ' default null'}`,
)

/** Did what a fact reads come whole, and does nothing but codes speak in it? */
export const toldFunctions: readonly string[] = [
  `// What the caller's word stands for is looked at too, as far as codes go: a code that Lumbar does not hold, or words that are
// not those of a code, may say anything.
define "Problems are told":
  "Condition told in full" is true and "Observation told in full" is true and "Reasons are told"
    and "The chart gives no reason of its orders"
    and not exists ([ClinicalImpression]) and not exists ("All problems" C where exists (C.evidence))
    and not exists ("All problems" C where not "Is said by codes"(C.code) and not Coalesce("Problem is withdrawn"(C), false))
    and not exists ([Observation] O where "Is by ICD"(O.code) or "Is by ICD"(O.value as FHIR.CodeableConcept))
    and not exists ("Component codes" X where StartsWith(X.system, 'http://hl7.org/fhir/sid/icd'))`,
  `// Why something was ordered or done before may be an illness that no problem names.
define "The chart gives no reason of its orders":
  not exists ([ServiceRequest] R where exists (R.reasonCode) or exists (R.reasonReference))
    and not exists ([Procedure] P where exists (P.reasonCode) or exists (P.reasonReference))
    and not exists ([MedicationRequest] M where exists (M.reasonCode) or exists (M.reasonReference))
    and not exists ([MedicationStatement] M where exists (M.reasonCode) or exists (M.reasonReference))
    and not exists ([MedicationAdministration] M where exists (M.reasonCode) or exists (M.reasonReference))
    and not exists ([ImagingStudy] S where exists (S.reasonCode) or exists (S.reasonReference))`,
  `define "Observations are said by codes":
  not exists ([Observation] O where not "Observation is withdrawn"(O) and not "Is said by codes"(O.code))`,
  `define "Observations are told": "Observation told in full" is true and "Observations are said by codes"`,
  `define "Procedures are told":
  "Procedure told in full" is true and not exists ([Procedure] P where not "Is said by codes"(P.code))`,
  `define "Requests are told":
  "ServiceRequest told in full" is true and not exists ([ServiceRequest] R where not "Is said by codes"(R.code))`,
  `define "Visits are told":
  "Encounter told in full" is true and not exists ("About visits" X where not "Is said by codes"(X))`,
  `define "Reports are told":
  "DiagnosticReport told in full" is true
    and not exists ([DiagnosticReport] R where not "Is said by codes"(R.code) or R.conclusion is not null
      or exists (R.presentedForm) or exists (R.conclusionCode X where not "Is said by codes"(X)))`,
  `define "Studies are told":
  "ImagingStudy told in full" is true
    and not exists ([ImagingStudy] S where S.description is not null or not exists (S.procedureCode)
      or exists (S.procedureCode X where not "Is said by codes"(X)))`,
  `// A name may say more than a code of RxNorm does: with it another ingredient.
define function "Is said by RxNorm"(said FHIR.CodeableConcept):
  "Is said by codes"(said) and not exists (said.coding X where X.system.value != 'http://www.nlm.nih.gov/research/umls/rxnorm')`,
  `define "Medicines are told":
  "Medicine told in full" is true
    and not exists ([MedicationRequest] M where not "Is said by RxNorm"(M.medication as FHIR.CodeableConcept))
    and not exists ([MedicationDispense] M where not "Is said by RxNorm"(M.medication as FHIR.CodeableConcept))
    and not exists ([MedicationStatement] M where not "Is said by RxNorm"(M.medication as FHIR.CodeableConcept))
    and not exists ([MedicationAdministration] M where not "Is said by RxNorm"(M.medication as FHIR.CodeableConcept))`,
  `define "There is no visit": "Visit is told" is true and "visit" is null`,
  `define "About visits":
  flatten {
    flatten ([Encounter] E where exists (E.type) return all E.type),
    ([Encounter] E where E.serviceType is not null return all E.serviceType)
  }`,
]
