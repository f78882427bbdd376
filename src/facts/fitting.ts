/** Is an exposure of the kind that a fact asks for: by name, route, reason, combination, and where it was given? */

import type { CodeRow } from '../pathway/codes.ts'
import type { Content } from '../pathway/content.ts'
import type { FactOf } from '../pathway/schema.ts'
import type { Case } from './case.ts'
import type { Exposure } from './exposures.ts'
import { keysOf } from './lookups.ts'
import { readConcepts } from './reading/concepts.ts'
import { reasonsIn } from './reading/reasons.ts'
import type { Stretch } from './supply.ts'
import { saysOneOf } from './words.ts'

// On which days a medicine was taken: surely, perhaps; and whether it is in use now.

/** An open entry that is older than this neither counts nor clears. */
export interface Age {
  today: number
  staleDays: number
}

/** Open, and nothing was said of it for years: nobody knows whether it is still taken. */
export function isStale(
  { lastDay, newest, hasEnd, isDrafted }: Exposure,
  { today, staleDays }: Age,
): boolean {
  if (hasEnd || isDrafted || lastDay !== Number.POSITIVE_INFINITY) return false
  return newest !== undefined && newest < today - staleDays
}

/** Days on which it was surely taken. */
export function surely(exposure: Exposure, age: Age): Stretch | undefined {
  const { starts, lastDay } = exposure
  if (!exposure.isSure) return undefined
  // Without a date an open entry is taken now, and nobody knows since when.
  if (!starts) return isGoingOn(exposure) ? { first: age.today, last: age.today } : undefined
  if (starts.first > age.today + 1) return undefined
  const first = Math.min(starts.last, age.today)
  const last = isStale(exposure, age) ? first : Math.max(lastDay ?? first, first)
  return { first, last: Math.min(last, age.today) }
}

/** Days on which it may have been taken. */
export function possibly(exposure: Exposure, { today }: Age): Stretch | undefined {
  const { starts, lastDay } = exposure
  if (!starts) return { first: Number.MIN_SAFE_INTEGER, last: Math.min(lastDay ?? today, today) }
  if (starts.first > today + 1) return undefined
  const first = Math.min(starts.first, today)
  return { first, last: Math.min(Math.max(lastDay ?? starts.last, starts.last), today) }
}

const isGoingOn = ({ lastDay }: Exposure) => lastDay === Number.POSITIVE_INFINITY

/**
 * In use now: a supply that reaches to today, an open order younger than `openDays`, or an active home medicine. An
 * older open order without a supply, or one of which nobody knows, may be. A dose that was given in a hospital is none.
 */
export function inUse(exposure: Exposure, age: Age, openDays: number): 'yes' | 'perhaps' | 'no' {
  const used = inUseBy(exposure, age, openDays)
  return used === 'yes' && !exposure.isSure ? 'perhaps' : used
}

function inUseBy(exposure: Exposure, age: Age, openDays: number): 'yes' | 'perhaps' | 'no' {
  const { today } = age
  const { starts, lastDay, hasEnd, newest } = exposure
  if (exposure.isDrafted) return 'yes'
  if (exposure.isInHospital || exposure.isStopped) return 'no'
  if (starts && starts.first > today + 1) return 'no'
  if (hasEnd) return lastDay === undefined ? 'perhaps' : lastDay >= today ? 'yes' : 'no'
  if (!isGoingOn(exposure)) return isDispensed(exposure, today, openDays) ? 'perhaps' : 'no'
  if (isStale(exposure, age)) return 'perhaps'
  if (exposure.isHome || newest === undefined) return 'yes'
  return newest >= today - openDays ? 'yes' : 'perhaps'
}

/** Handed out lately, and for how long nobody says. */
const isDispensed = ({ type, starts }: Exposure, today: number, openDays: number) =>
  type === 'MedicationDispense' && starts !== undefined && starts.last >= today - openDays

// By which way a medicine goes into the body: by route code, else by words of route, form and name.
type Ways = Pick<Exposure, 'routeCodes' | 'routeWords'>

/** Names of `medicines.yaml`: one where a code says it, all that words name where none does. */
type RoutesReader = (ways: Ways) => readonly string[]

/** One for all facts of a content, so that each exposure is read once. */
const readers = new WeakMap<Content, RoutesReader>()

function routesReader(content: Content): RoutesReader {
  const known = readers.get(content)
  if (known) return known
  const reader = compileRoutes(content)
  const read = new WeakMap<Ways, readonly string[]>()
  const remembering: RoutesReader = (ways) => {
    const before = read.get(ways)
    if (before) return before
    const routes = reader(ways)
    read.set(ways, routes)
    return routes
  }
  readers.set(content, remembering)
  return remembering
}

function compileRoutes({ medicines }: Content): RoutesReader {
  const routes = Object.entries(medicines.routes)
  return ({ routeCodes, routeWords }) => {
    const coded = routes.find(([, { codes }]) => routeCodes.some((code) => codes.includes(code)))
    if (coded) return [coded[0]]
    return routes.flatMap(([name, { words }]) => (saysOneOf(routeWords, words) ? [name] : []))
  }
}

/** The first form that a code or a word names. */
export function formReader({ medicines }: Content): (ways: Ways) => string | undefined {
  const forms = Object.entries(medicines.forms)
  return ({ routeCodes, routeWords }) =>
    (forms.find(([, { codes }]) => routeCodes.some((code) => codes.includes(code))) ??
      forms.find(([, { words }]) => saysOneOf(routeWords, words)))?.[0]
}

export type Fit = 'yes' | 'perhaps' | 'no'

interface Fitting {
  isWanted(row: CodeRow): boolean
  fit(exposure: Exposure, about: Case): Fit
  /** Of a medicine that nobody can name: nothing speaks against it. */
  mayFit(exposure: Exposure): boolean
}

export function fitting(fact: FactOf<'medication'>, content: Content): Fitting {
  const except = new Set(fact['except-codes'])
  const names = fact['only-named']
  const sets = new Set(Object.keys(fact.codes))
  const wantedRoutes = listed(fact.route)
  const otherRoutes = listed(fact['not-by-route'])
  const routesOf = routesReader(content)
  const reasons = fact['reason-among'] && new Set(keysOf(fact['reason-among']))

  /** Where words name several ways nobody can tell, unless all or none of them are meant. */
  function byRoute(exposure: Exposure): Fit {
    if (!wantedRoutes && !otherRoutes) return 'yes'
    const routes = routesOf(exposure)
    const isWay = (route: string) => (wantedRoutes ? wantedRoutes.has(route) : !otherRoutes?.has(route))
    if (routes.length === 0) return wantedRoutes ? 'perhaps' : 'yes'
    return routes.every(isWay) ? 'yes' : routes.some(isWay) ? 'perhaps' : 'no'
  }

  /** Ordered for one of these reasons, or for none that is stated. */
  function byReason({ resource, isDrafted }: Exposure, { record, index }: Case): Fit {
    if (!reasons || isDrafted) return 'yes'
    const { said, isOutOfReach } = reasonsIn(resource, record, index.reader.reportHeadings)
    if (said.length === 0) return isOutOfReach ? 'perhaps' : 'yes'
    const read = readConcepts(said, index.reader, () => '', true)
    if (read.parts.some(({ rows }) => rows.some(({ key }) => reasons.has(key)))) return 'yes'
    return read.isUnread || read.isBeyond || isOutOfReach ? 'perhaps' : 'no'
  }

  const mayFit = ({ isInHospital }: Exposure) => !(isInHospital && fact['given-in-hospital'] === 'ignored')

  return {
    isWanted: (row) => !except.has(row.code) && (names === undefined || saysOneOf(row.display, names)),
    mayFit,
    fit(exposure, about) {
      if (!mayFit(exposure)) return 'no'
      if (fact.alone && exposure.rows.some(({ set }) => !sets.has(set))) return 'no'
      const fits = [byRoute(exposure), byReason(exposure, about)]
      return fits.includes('no') ? 'no' : fits.includes('perhaps') ? 'perhaps' : 'yes'
    },
  }
}

const listed = (names: string | readonly string[] | undefined) =>
  names === undefined ? undefined : new Set(typeof names === 'string' ? [names] : names)
