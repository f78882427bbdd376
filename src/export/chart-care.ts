/** Medicines, services, allergies and the visit of the call, as far as codes tell of them. */
import type { FactDeclaration, FactOf } from '../pathway/schema.ts'
import { allTold, type Expression, found, groupsOf, isIn, problemsIn, takenIn } from './expression.ts'
import { list, quoted, text } from './writing.ts'

const plain = { problems: [], concepts: [], numbers: [] }

export function careExpression(fact: FactDeclaration): Expression | undefined {
  if (fact.kind === 'medication') return medicine(fact)
  if (fact.kind === 'service') return service(fact)
  if (fact.kind === 'allergy') return allergy(fact)
  return fact.kind === 'encounter' ? visit(fact) : undefined
}

/** Routes, supplies, combinations and "in use now" are reckoned from directions in words: then codes tell only that there is none. */
const reckoned = [
  'except-codes',
  'only-named',
  'in-use',
  'route',
  'not-by-route',
  'reason-among',
  'supply',
  'started-at-least',
] as const

function medicine(fact: FactOf<'medication'>): Expression {
  const groups = groupsOf(fact.codes)
  const { within } = fact
  const isReckoned =
    reckoned.some((name) => fact[name] !== undefined) || fact.alone || fact['in-episode'] || !within
  const judged = isReckoned ? `'unknown'` : `"Order judged"(M, ${quoted(String(within))})`
  const parts = groups.flatMap((group) => [
    `([MedicationRequest: ${quoted(group)}] M return all ${judged})`,
    takenIn(group),
  ])
  const alone = fact['co-drafted'] ? ' and "Nothing else is drafted" is true' : ''
  return {
    ...plain,
    groups,
    text: found(parts, `"Medicines are told"${alone}`),
    numbers: isReckoned || !within ? [] : [within],
    says: isReckoned ? 'no' : 'yes and no',
    leaves: isReckoned
      ? 'whether one that is on record counts: how long, which way and why it was taken stands in directions, supplies and words'
      : 'medicines that were dispensed, given, or taken at home, supplies that reach into the window, and names without a code',
  }
}

interface Entries {
  /** How entries of a group are retrieved. */
  retrieved: (group: string) => string
  /** How one is judged; without it nobody can tell whether one counts. */
  judged?: (reach: string, done: boolean) => string
}

/** By the type of the list. */
const entriesOf: Readonly<Record<string, Entries>> = {
  Procedure: {
    retrieved: (group) => `[Procedure: ${quoted(group)}] X`,
    judged: (reach) => `"Procedure judged"(X, ${reach}, -1)`,
  },
  ServiceRequest: {
    retrieved: (group) => `[ServiceRequest: ${quoted(group)}] X`,
    judged: (reach, done) => `"Request judged"(X, ${reach}, ${done})`,
  },
  DiagnosticReport: {
    retrieved: (group) => `[DiagnosticReport: ${quoted(group)}] X`,
    judged: (reach, done) => `"Report judged"(X, ${reach}, ${done})`,
  },
  Encounter: { retrieved: (group) => `"About visits" X where ${isIn(group)}(X)` },
  ImagingStudy: {
    retrieved: (group) => `[ImagingStudy] X where exists (X.procedureCode P where ${isIn(group)}(P))`,
  },
  Condition: {
    retrieved: (group) =>
      `${quoted(problemsIn(group))} X where not Coalesce("Problem is withdrawn"(X), false)`,
  },
}

function service(fact: FactOf<'service'>): Expression {
  const groups = groupsOf(fact.codes)
  const { within } = fact
  const reach = within ? quoted(within) : 'null'
  const isNarrowed =
    (fact['except-codes'] ?? fact.where ?? fact['with-words'] ?? fact['started-at-least']) !== undefined ||
    fact.progress === 'refused'
  const parts = groups.flatMap((group) =>
    fact.in.flatMap((type) => {
      const entries = entriesOf[type]
      if (!entries) return []
      const judged = isNarrowed ? undefined : entries.judged?.(reach, fact.progress === 'done')
      return [`(${entries.retrieved(group)} return all ${judged ?? "'unknown'"})`]
    }),
  )
  // A reason of a visit or of the order is a problem too, and so is what a report concludes in codes.
  const elsewhere = [
    ...(fact.in.includes('Condition') || fact.in.includes('Encounter') ? ['"Reasons"'] : []),
    ...(fact.in.includes('DiagnosticReport') ? ['"Conclusions"'] : []),
  ]
  for (const each of elsewhere)
    for (const group of groups) parts.push(`(${each} X where ${isIn(group)}(X) return all 'unknown')`)
  if (fact.in.includes('Observation'))
    for (const group of groups)
      parts.push(`("Answers and parts" X where X in ${quoted(group)} return all 'unknown')`)
  const inEpisode = fact['in-episode']
    ? `(${parts.join('\n      union ')}) S return all "In this episode"(S)`
    : undefined
  return {
    ...plain,
    groups,
    concepts: groups,
    problems: fact.in.includes('Condition') ? groups : [],
    text: found(inEpisode ? [`(${inEpisode})`] : parts, allTold(fact.in)),
    numbers: within ? [within] : [],
    says: isNarrowed || fact['in-episode'] ? 'no' : 'yes and no',
    leaves: isNarrowed
      ? 'whether one that is on record counts, for words beside its code decide'
      : fact['in-episode']
        ? 'whether one that is on record belongs to this bout of pain'
        : 'what visits, studies and reports tell beside their codes',
  }
}

function allergy(fact: FactOf<'allergy'>): Expression {
  const groups = groupsOf(fact.codes)
  const none = groupsOf(fact.none ?? {})
  const isAny = (names: readonly string[]) => names.map((group) => `${isIn(group)}(A.code)`).join(' or ')
  return {
    ...plain,
    groups: [...groups, ...none],
    concepts: [...groups, ...none],
    problems: groups,
    text: found(
      [
        `([AllergyIntolerance] A return all "Allergy judged"(A, ${isAny(groups)}, ${none.length > 0 ? isAny(none) : 'false'}))`,
        ...groups.map(
          (group) =>
            `(${quoted(problemsIn(group))} C where not Coalesce("Problem is withdrawn"(C), false) return all 'unknown')`,
        ),
        ...groups.map((group) => `("Reasons" X where ${isIn(group)}(X) return all 'unknown')`),
      ],
      '"AllergyIntolerance told in full" is true and "Problems are told"',
    ),
    says: 'yes and no',
    leaves: 'allergies in words, to classes without a code of ours, and those that stand among the problems',
  }
}

function visit(fact: FactOf<'encounter'>): Expression {
  const codes = (all: readonly string[]) => list(all.map((code) => text(code.toLowerCase())))
  return {
    ...plain,
    groups: [],
    text: `case
    when "There is no visit" then false
    when exists ("Visit of the call" E where Lower(E.class.code.value) in ${codes(fact.classes)}) then true
    when exists ("Visit of the call" E where Lower(E.class.code.value) in ${codes(fact['other-classes'])}) then false
    else null as Boolean end`,
    says: 'yes and no',
    leaves: "classes of a hospital's own, their words, and how long the visit lasts",
  }
}

export const careFunctions: readonly string[] = [
  `define "Visit of the call": [Encounter] E where E.id.value = "visit"`,
  `define "Conclusions": flatten ([DiagnosticReport] R where exists (R.conclusionCode) return all R.conclusionCode)`,
  `define function "Order judged"(M FHIR.MedicationRequest, reach Integer):
  case
    when M.status.value in {'entered-in-error', 'cancelled', 'draft'} then 'does-not'
    when M.status.value in {'active', 'completed'} and M.intent.value = 'order' and not Coalesce(M.doNotPerform.value, false)
        and not exists (M.category K where exists (("Codes of"(K)) S where not (S in {'outpatient', 'community', 'discharge'})))
        and "Says no more than its codes"(M.medication as FHIR.CodeableConcept)
        and "In window"("Days since written"(M.authoredOn.value), reach, -1) = 'counts'
      then 'counts'
    else 'unknown'
  end`,
  `define function "Judged by date"(done Boolean, said Boolean, written DateTime, reach Integer):
  case
    when not done then 'does-not'
    when not said then 'unknown'
    when reach is null then 'counts'
    else "In window"("Days since written"(written), reach, -1)
  end`,
  `define function "Request judged"(R FHIR.ServiceRequest, reach Integer, wantsDone Boolean):
  case
    when R.status.value in {'entered-in-error', 'revoked', 'draft'} or Coalesce(R.doNotPerform.value, false) then 'does-not'
    else "Judged by date"(R.status.value = 'completed' or not wantsDone, "Says no more than its codes"(R.code),
      case when R.authoredOn is not null then R.authoredOn.value
        when R.occurrence is FHIR.Period then (R.occurrence as FHIR.Period).start.value
        else (R.occurrence as FHIR.dateTime).value end, reach)
  end`,
  `define function "Report judged"(R FHIR.DiagnosticReport, reach Integer, wantsDone Boolean):
  case
    when R.status.value in {'entered-in-error', 'cancelled'} then 'does-not'
    else "Judged by date"(not (wantsDone and R.status.value in {'registered', 'partial', 'preliminary'}), "Says no more than its codes"(R.code),
      case when R.effective is FHIR.Period then (R.effective as FHIR.Period).start.value
        when R.effective is FHIR.dateTime then (R.effective as FHIR.dateTime).value else R.issued.value end, reach)
  end`,
  `// Which bout of pain it belongs to is left to Lumbar where something is on record.
define function "In this episode"(judged String): if judged = 'counts' then 'unknown' else judged`,
  `define function "Allergy judged"(A FHIR.AllergyIntolerance, isOurs Boolean, saysNone Boolean):
  case
    when exists (("Codes of"(A.verificationStatus)) S where S in {'entered-in-error', 'refuted'}) then 'does-not'
    when exists (("Codes of"(A.clinicalStatus)) S where S in {'resolved', 'inactive'}) then 'does-not'
    when isOurs then
      if "Says no more than its codes"(A.code) and (A.clinicalStatus is null or exists (("Codes of"(A.clinicalStatus)) S where S = 'active'))
      then 'counts' else 'unknown'
    when saysNone and "Says no more than its codes"(A.code) then 'does-not'
    when "Is said by RxNorm"(A.code) and not exists (A.reaction R where exists (R.substance.coding) or R.substance.text is not null)
      then 'does-not'
    else 'unknown'
  end`,
]
