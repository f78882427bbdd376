/** The mock EHR behind its pages: which patients there are, whose desk it is, and which move leads where. */

import { listPatients, loadPatient, readSituations } from '../../fhir-fixtures/load.ts'
import { Misunderstood } from '../../src/cli/arguments.ts'
import type { Content } from '../../src/pathway/content.ts'
import { allResources, seed } from '../hapi/seed.ts'
import type { Link } from './answer.ts'
import { type Caller, type CallSettings, discover } from './call.ts'
import { type CatalogEntry, makeCatalog } from './catalog.ts'
import { ageOf, type Chart, personName, readChart } from './chart.ts'
import { type Desk, emptyDesk } from './desk.ts'
import { FhirProblem } from './fhir.ts'
import { launch } from './launch.ts'
import { draftOrder, openChart, type Room, review } from './moves.ts'
import { page } from './pages/page.ts'
import { address, chartAddress, type PatientEntry, type View } from './pages/view.ts'
import { type Asked, perform } from './performing.ts'
import type { Fields } from './sessions.ts'
import { deskOf, keepDesk, type Session, Sessions } from './sessions.ts'
import { clientProfiles } from './tokens.ts'

interface EhrOptions {
  /** Where the fixtures are. */
  root: string
  content: Content
  /** Resolves once the service listens, and with it its own address is known. */
  caller: Caller
  keys: { keys: readonly unknown[] }
  /** Makes the service forget what it has said of opened charts. */
  forgetSaid: () => void
  /** `2026-11-21` */
  today: () => string
}

export interface Ehr {
  sessions: Sessions
  keys: { keys: readonly unknown[] }
  search(words: string): View['search']
  show(session: Session, asked: Fields): Promise<{ page: string } | { redirect: string }>
  /** Where to go next; undefined for an unknown move. */
  move(session: Session, asked: Asked): Promise<string | undefined>
  launch(session: Session, asked: Fields): Promise<{ url: string } | { problem: string }>
}

const mostFound = 12

export function createEhr(options: EhrOptions): Ehr {
  const { root, content, today } = options
  const catalog = makeCatalog(root, content)
  const search = (words: string) => ({ words: words.slice(0, 100), found: catalog.search(words, mostFound) })
  const known = new Map<string, readonly PatientEntry[]>()

  function patients(): readonly PatientEntry[] {
    const day = today()
    const list = known.get(day) ?? readPatients(root, day)
    known.clear()
    known.set(day, list)
    return list
  }

  /** Undefined with the reason why there is no chart. */
  async function chartOf(caller: Caller, id: string): Promise<{ chart?: Chart; problem?: string }> {
    try {
      const chart = await readChart(caller.fhir, id)
      return chart
        ? { chart }
        : { problem: `The FHIR server at ${caller.fhir.base} does not know this patient.` }
    } catch (error) {
      if (!(error instanceof FhirProblem)) throw error
      return { problem: error.message }
    }
  }

  async function show(session: Session, asked: Fields): Promise<{ page: string } | { redirect: string }> {
    const caller = { ...options.caller, tenant: session.tenant }
    const { patient: id } = asked
    if (id === undefined || id === '') return { page: page(await viewOf(session, asked, caller, {})) }
    const found = await chartOf(caller, id)
    if (!found.chart) return { page: page(await viewOf(session, asked, caller, found)) }
    chooseProfile(session, asked)
    const room: Room = { caller, settings: session.settings, chart: found.chart, today: today() }
    const { order } = asked
    if (order !== undefined) {
      keepDesk(session, await followDeepLink(emptyDesk(id), order.split(','), asked, room))
      return { redirect: chartAddress(id) }
    }
    const desk = await openChart(deskOf(session, id), room)
    keepDesk(session, desk)
    return { page: page(await viewOf(session, asked, caller, { ...found, desk })) }
  }

  /** `?patient=…&order=lumbar-mri,oxycodone&hook=order-sign` */
  async function followDeepLink(
    desk: Desk,
    orders: readonly string[],
    { hook }: Fields,
    room: Room,
  ): Promise<Desk> {
    const entries = orders.flatMap((key): CatalogEntry | CatalogEntry[] => catalog.find(key) ?? [])
    const opened = await openChart(desk, room)
    if (entries.length === 0)
      return { ...opened, said: { tone: 'bad', text: 'There is no such order. Search for another one.' } }
    const drafted = await draftOrder(opened, entries, room)
    return hook === 'order-sign' ? review(drafted, room) : drafted
  }

  async function viewOf(
    session: Session,
    { patient, q = '', exchange }: Fields,
    caller: Caller,
    found: { chart?: Chart; desk?: Desk; problem?: string },
  ): Promise<View> {
    return {
      patients: patients(),
      session,
      patientId: patient,
      chart: found.chart,
      desk: found.desk,
      search: search(q),
      exchange,
      templates: found.chart ? await templatesOf(caller) : {},
      problem: found.problem && [session.problem, found.problem].filter(Boolean).join(' '),
      fhirBase: caller.fhir.base,
      today: today(),
    }
  }

  const turns = <T>(session: Session, work: () => Promise<T>): Promise<T> => {
    const result = session.turn.then(work)
    session.turn = result.catch(() => undefined)
    return result
  }

  async function move(session: Session, asked: Asked): Promise<string | undefined> {
    const caller = { ...options.caller, tenant: session.tenant }
    if (asked.move === 'load') return load(session, caller, asked.patient)
    const { chart } = await chartOf(caller, asked.patient)
    if (!chart) return chartAddress(asked.patient)
    // Whoever tries another setting wants to see what it makes of the same call.
    if (asked.move === 'clear' || asked.move === 'settings') options.forgetSaid()
    const room = { caller, chart, today: today() }
    return perform(session, asked, { room, catalog })
  }

  /** Writes all invented patients to the FHIR server; where that fails, the chart that is shown next says why. */
  async function load(session: Session, caller: Caller, patient: string): Promise<string> {
    session.problem = undefined
    await seed(caller.fhir.base, allResources(root, today())).catch((error) => {
      if (!(error instanceof Misunderstood)) throw error
      session.problem = error.message
    })
    return patient === '' ? address : chartAddress(patient)
  }

  return {
    sessions: new Sessions(),
    keys: options.keys,
    search,
    show: (session, asked) => turns(session, () => show(session, asked)),
    move: (session, asked) => turns(session, () => move(session, asked)),
    launch: async (session, { patient = '', card, link = '' }) => {
      const { caller } = options
      const shown = deskOf(session, patient).cards.find(({ id }) => id === card)
      const chosen = card === undefined ? ownApp(caller) : shown?.card.links?.[Number(link)]
      if (chosen?.type !== 'smart') return { problem: 'This card is no longer shown. Open the chart again.' }
      const { chart } = await chartOf(caller, patient)
      const context = {
        fhirBase: caller.fhir.base,
        patient,
        encounter: chart?.encounter?.id,
        user: caller.user,
      }
      return launch(chosen, context)
    },
  }
}

/** As from a button of the EHR, without a card. */
const ownApp = ({ service }: Caller): Link => ({
  label: 'Lumbar',
  url: `${service}/smart/launch`,
  type: 'smart',
})

function chooseProfile(session: Session, { profile }: Fields): void {
  const chosen = clientProfiles.find((each) => each === profile)
  if (chosen) session.settings = { ...session.settings, profile: chosen } satisfies CallSettings
}

async function templatesOf(caller: Caller): Promise<Record<string, string>> {
  const services = await discover(caller).catch(() => [])
  return Object.assign({}, ...services.map(({ prefetch }) => prefetch))
}

function readPatients(root: string, today: string): PatientEntry[] {
  const situations = readSituations(root)
  const entries = listPatients(root).map((name): PatientEntry => {
    const { patient } = loadPatient(root, name, today)
    const { sentence = '', brings = '' } = situations.get(name) ?? {}
    return {
      id: patient.id ?? name,
      name: personName(patient),
      age: ageOf(patient, today),
      sex: patient.gender ?? '',
      sentence,
      brings: brings.replaceAll('`', ''),
    }
  })
  // In the order in which the fixtures' own page tells of them.
  const order = [...situations.keys()]
  return entries.sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id))
}
