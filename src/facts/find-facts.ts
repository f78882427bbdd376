/** FHIR in, named three-valued facts out: every declaration compiled once at start, asked once a case. */
import type { Content } from '../pathway/content.ts'
import type { Facts } from '../pathway/known.ts'
import type { FactDeclaration } from '../pathway/schema.ts'
import type { PatientRecord } from '../record/record.ts'
import { type Answers, compileAnsweredAlso, episodeFact, membersOf } from './answers.ts'
import { type AskedOf, Asking, type OnFactError } from './asking.ts'
import type { Compile, CompiledFact, OrderUnderReview } from './case.ts'
import { compileEpisode } from './episode.ts'
import { allergy } from './kinds/allergy.ts'
import { condition } from './kinds/condition.ts'
import { encounter } from './kinds/encounter.ts'
import { medication } from './kinds/medication.ts'
import { observation } from './kinds/observation.ts'
import { draftOrder, reason, words } from './kinds/order.ts'
import { service } from './kinds/service.ts'
import { dose, episode, group, onlyNoted, payerIsOneOf, person, placed, siteIsIn } from './kinds/simple.ts'
import { Gaps, provisos } from './lookups.ts'
import { compileMedicineReading } from './medicine-reading.ts'
import { compileOrders, type OrdersRead } from './orders.ts'
import { compilePlans, type Plan } from './quiet.ts'
import { compileReading, openReader } from './reading/reader.ts'
import { indexRecord, type RecordIndex } from './record-index.ts'
import { dayNumber } from './spans.ts'

/** Facts that no kind can say, by name. */
const functions: Readonly<Record<string, Compile<'function'>>> = {
  'handout-given': onlyNoted,
  'in-washington': siteIsIn('WA'),
  'payer-asks-first': payerIsOneOf('prior-authorization'),
  'payer-is-washington-medicaid': payerIsOneOf('washington-medicaid'),
}

/** The chart as it is opened, with no order: what `patient-view` is about. */
const openedChart: OrderUnderReview = {
  kind: 'chart-view',
  draft: {
    resource: { resourceType: 'Basic', code: {}, id: 'opened-chart' },
    sent: { resourceType: 'Basic', code: {}, id: 'opened-chart' },
    reference: undefined,
    selected: true,
  },
  strength: 'none',
  rows: [],
  name: '',
  reasons: [],
  pointedAt: [],
  reasonOutOfReach: false,
  isCut: false,
  beside: new Set(),
  notes: '',
}

interface FactFinder {
  /** Draft orders that the pathway looks at, selected ones only. */
  ordersUnderReview(record: PatientRecord): OrdersRead
  /** What is judged when no order is drafted. */
  openedChart: OrderUnderReview
  /** A reader for one call; the record is indexed once, on the first question. */
  open(record: PatientRecord, today: string, answers?: Answers): CaseReader
  /** The same facts as if these answers had been given, without the record they were found in. */
  answeredAlso(facts: Facts, answers: Answers | undefined): Facts
  /** FHIR resource types that a fact reads, through the facts it is made of. */
  reads(fact: string): ReadonlySet<string>
  /** Days that a fact, and those that it is made of, look back at most in this type; Infinity for all time. */
  reach(fact: string, type: string): number
}

interface CaseReader {
  /** Answers to these facts about this order. */
  find(order: OrderUnderReview, wanted: readonly string[], onError?: OnFactError): Facts
}

export function compileFacts(content: Content): FactFinder {
  const compiled = new Map(
    Object.entries(content.facts).map(([name, fact]) => [name, compile(name, fact, content)]),
  )
  const factsSpokenTo = compileFactsByKey(compiled)
  const ordersUnderReview = compileOrders(content)
  const readEpisode = compileEpisode(content)
  const medicines = compileMedicineReading(content)
  const reading = compileReading(content)
  const onset = episodeFact(content, 'onset-days')
  const planFor = compilePlans(compiled, (fact) => membersOf(content.facts[fact]))

  function open(record: PatientRecord, today: string, answers?: Answers): CaseReader {
    const day = dayNumber(today)
    const gaps = new Gaps(record, content, day)
    let opened: AskedOf | undefined
    const openIndex = (): AskedOf => {
      const index = indexRecord(record, openReader(reading, record, day), medicines, day)
      gaps.addPartlyRead(index.partlyRead)
      return {
        ...{ record, index, gaps, answers, onset, readEpisode },
        ...{ today: day, facts: compiled, worthLooking: factsSpokenTo(index), shared: new Map() },
        withProviso: provisos(content, gaps, day),
      }
    }
    const stirred = new Map<Plan, ReadonlySet<string>>()
    const stirredIn = (plan: Plan, { index, worthLooking }: AskedOf) => {
      const known = stirred.get(plan)
      if (known) return known
      const found = plan.stirredBy({
        named: answers ? [...worthLooking, ...answers.keys()] : worthLooking,
        isDoubtful: (type) =>
          gaps.of(type).reaches < Number.POSITIVE_INFINITY || index.unread(type).length > 0,
        all: index.unreadMedicines.drafted.length > 0,
      })
      stirred.set(plan, found)
      return found
    }
    return {
      find(order, wanted, onError) {
        opened ??= openIndex()
        const plan = planFor(wanted)
        return new Asking(opened, order, plan, stirredIn(plan, opened), onError).all()
      },
    }
  }

  return {
    ordersUnderReview,
    openedChart,
    open,
    answeredAlso: compileAnsweredAlso(content, compiled),
    reads: (fact) => readsOf(fact, content, compiled),
    reach: (fact, type) => reachOf(fact, type, content, compiled),
  }
}

/** Facts to which something in a record speaks, by the groups that its codes are in. */
function compileFactsByKey(compiled: ReadonlyMap<string, CompiledFact>) {
  const byKey = new Map<string, string[]>()
  for (const [name, { looksFor }] of compiled) {
    for (const key of looksFor?.keys ?? []) byKey.set(key, [...(byKey.get(key) ?? []), name])
  }
  return ({ keys }: RecordIndex): ReadonlySet<string> => {
    const names = new Set<string>()
    for (const key of keys) for (const name of byKey.get(key) ?? []) names.add(name)
    return names
  }
}

function compile(name: string, fact: FactDeclaration, content: Content): CompiledFact {
  switch (fact.kind) {
    case 'condition':
      return condition(fact, content)
    case 'observation':
      return observation(fact, content)
    case 'medication':
      return medication(fact, content)
    case 'allergy':
      return allergy(fact, content)
    case 'service':
      return service(fact, content)
    case 'person':
      return person(fact, content)
    case 'encounter':
      return encounter(fact, content)
    case 'episode':
      return episode(fact, content)
    case 'group':
      return group(fact, content)
    case 'placed':
      return placed(fact, content)
    case 'draft-order':
      return draftOrder(fact, content)
    case 'reason':
      return reason(fact, content)
    case 'words':
      return words(fact, content)
    case 'dose':
      return dose(fact, content)
    case 'function': {
      const own = functions[name]
      if (!own)
        throw new Error(
          `pathway/facts: ${name} is declared as a function, and src/facts has none of that name`,
        )
      return own(fact, content)
    }
  }
}

/** A group reads what its members read. */
function readsOf(
  fact: string,
  content: Content,
  compiled: ReadonlyMap<string, CompiledFact>,
): ReadonlySet<string> {
  const declaration = content.facts[fact]
  const own = new Set<string>(compiled.get(fact)?.reads)
  for (const member of membersOf(declaration))
    for (const type of readsOf(member, content, compiled)) own.add(type)
  return own
}

function reachOf(
  fact: string,
  type: string,
  content: Content,
  compiled: ReadonlyMap<string, CompiledFact>,
): number {
  const own = compiled.get(fact)
  const reach = own?.reads.some((each) => each === type) ? (own.reach ?? Number.POSITIVE_INFINITY) : 0
  const members = membersOf(content.facts[fact])
  return Math.max(reach, ...members.map((member) => reachOf(member, type, content, compiled)))
}
