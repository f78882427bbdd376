/** By which way a medicine goes into the body: by route code, else by words of route, form and name. */
import type { Content } from '../pathway/content.ts'
import type { Exposure } from './exposures.ts'
import { saysOneOf } from './words.ts'

type Ways = Pick<Exposure, 'routeCodes' | 'routeWords'>

/** Names of `medicines.yaml`: one where a code says it, all that words name where none does. */
type RoutesReader = (ways: Ways) => readonly string[]

/** One for all facts of a content, so that each exposure is read once. */
const readers = new WeakMap<Content, RoutesReader>()

export function routesReader(content: Content): RoutesReader {
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
