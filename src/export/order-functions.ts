/** What the facts of the draft order are made of, in CQL: its codes, its reasons, and whether it says anything in words. */
import { codedIn, codesOf, type OrderContent, setsOf } from './chart-order.ts'
import { quoted } from './writing.ts'

/** A count of tablets, patches or films, as `src/facts/sig.ts` knows them. */
const pieces =
  '^[{]?((tbl|tab|tablet|cap|capsule|pill|ea|unit|dose|patch|film)(s|es|[(]s[)])?|each|suppository|1)[}]?$'

export function orderFunctions(content: OrderContent): string[] {
  const kinds = setsOf(content)
  const groupsIn = (set: string) => [...(content.codes.sets.get(set) ?? [])].map((group) => `${set}/${group}`)
  return [
    `define "The chart is opened": "drafted service" is null and "drafted medicine" is null and "Nothing else is drafted" is true`,
    `define "The order is told": "drafted service" is not null or "drafted medicine" is not null or "The chart is opened"`,
    `define ${codesOf('service')}:
  "drafted service".code.coding X return all Code { code: X.code.value, system: X.system.value }`,
    `define ${codesOf('medicine')}:
  (("drafted medicine".medication as FHIR.CodeableConcept).coding) X return all Code { code: X.code.value, system: X.system.value }`,
    `// Of two sets the first that knows the draft decides: products before ingredients.`,
    ...kinds.flatMap(({ draft, sets }) =>
      sets.map((set, at) => {
        const before = sets.slice(0, at).map((each) => `not exists (${codedIn(each)})`)
        const known = groupsIn(set)
          .map((group) => `X in ${quoted(group)}`)
          .join(' or ')
        return `define ${codedIn(set)}:\n  ${codesOf(draft)} X where ${[...before, `(${known})`].join(' and ')}`
      }),
    ),
    `define "Routes of the drafted medicine":
  flatten ("drafted medicine".dosageInstruction D where D.route is not null return all (D.route.coding X return all X.code.value))`,
    `define "The drafted medicine says nothing in words":
  "drafted medicine" is not null and "Is said without words"("drafted medicine".medication as FHIR.CodeableConcept)
    and not exists ("drafted medicine".dosageInstruction D
      where D.text is not null or D.patientInstruction is not null
        or (D.route is not null and not "Is said without words"(D.route)))`,
    `define function "Is said without words"(said FHIR.CodeableConcept):
  Coalesce(said.text is null and exists (said.coding) and not exists (said.coding X where X.display is not null or not "Is held"(X)), false)`,
    `// A reason may be written on the order, or be a problem of the chart.
define "References of the draft":
  "drafted service".reasonReference union "drafted medicine".reasonReference`,
    `define "Problems of the draft":
  "All problems" C where exists ("References of the draft" R where R.reference.value = 'Condition/' + C.id.value)`,
    `define "Reasons of the draft":
  "drafted service".reasonCode union "drafted medicine".reasonCode union ("Problems of the draft" C return all C.code)`,
    `define "Reasons of the draft are in reach":
  not exists ("References of the draft" R
    where not exists ("Problems of the draft" C where Coalesce(R.reference.value = 'Condition/' + C.id.value, false)))`,
    `define "Reasons":
  "Reasons of the draft" union (flatten ([Encounter] E where exists (E.reasonCode) return all E.reasonCode))`,
    `define "References of reasons":
  ("References of the draft" R return all Coalesce(R.reference.value, '?'))
    union (flatten ([Encounter] E where exists (E.reasonReference) return all (E.reasonReference R return all Coalesce(R.reference.value, '?'))))
    union (flatten ([Encounter] E where exists (E.diagnosis) return all (E.diagnosis D return all Coalesce(D.condition.reference.value, '?'))))`,
    `// "As needed for tooth pain".
define "The dosage gives no reason":
  not exists ("drafted medicine".dosageInstruction D
    where D.text is not null or D.patientInstruction is not null or D.asNeeded is FHIR.CodeableConcept)`,
    `define "Reasons are told":
  "Nothing else is drafted" is true and "Reasons of the draft are in reach" and "The dosage gives no reason"
    and not exists ("drafted service".supportingInfo) and not exists ("drafted medicine".supportingInformation)
    and not exists ("Reasons" R where not "Is said by codes"(R))
    and not exists ("References of reasons" R where not exists ("All problems" C where Coalesce(R = 'Condition/' + C.id.value, false)))`,
    `define "Notes of the draft":
  (("drafted service".note union "drafted medicine".note) N where N.text.value is not null return all N.text.value)
    union ("drafted service".orderDetail D where D.text is not null or exists (D.coding X where X.display is not null) return all 'detail')`,
    `define "The order says nothing in words":
  "The order is told" and "Reasons of the draft are in reach" and not exists ("Notes of the draft")
    and not exists ("Reasons of the draft" R where R.text is not null)`,
    `define function "Pieces of"(Q FHIR.Quantity):
  if Matches(Lower(Coalesce(Q.code.value, Q.unit.value)), '${pieces}') then Q.value.value else null`,
    `define function "Hours in"(unit String):
  case unit when 'h' then 1.0 when 'd' then 24.0 when 'wk' then 168.0 else null end`,
    `// An instruction in numbers, with one dose and nothing in words.
define function "Doses a day"(D FHIR.Dosage):
  if D.text is null and D.patientInstruction is null and not exists (D.additionalInstruction) and D.maxDosePerPeriod is null
      and not exists (D.timing.repeat.\`when\`) and not exists (D.timing.repeat.timeOfDay) and D.timing.repeat.bounds is null
      and D.timing.repeat.frequencyMax is null and Count(D.doseAndRate) = 1
    then "Pieces of"(D.doseAndRate[0].dose as FHIR.SimpleQuantity) * D.timing.repeat.frequency.value * 24.0
      / (D.timing.repeat.period.value * "Hours in"(D.timing.repeat.periodUnit.value))
    else null`,
    `define "Days of one fill":
  case
    when "drafted medicine".dispenseRequest.expectedSupplyDuration is not null
      then if Coalesce("drafted medicine".dispenseRequest.expectedSupplyDuration.code.value, "drafted medicine".dispenseRequest.expectedSupplyDuration.unit.value) in {'d', 'day', 'days'}
        then ToDecimal(Ceiling("drafted medicine".dispenseRequest.expectedSupplyDuration.value.value)) else null
    when Count("drafted medicine".dosageInstruction) = 1
      then "Pieces of"("drafted medicine".dispenseRequest.quantity) / "Doses a day"("drafted medicine".dosageInstruction[0])
    else null
  end`,
  ]
}
