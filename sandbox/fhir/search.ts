/** Reads the query of a search, finds what it asks for, in order, with what it includes. Unknown parameters are refused. */
import { type Kept, valuesAt } from './elements.ts'
import { FhirFailure, quoted } from './failures.ts'
import { compileTest, type Test } from './matching.ts'
import { type Parameters, parametersOf } from './parameters.ts'
import { spanOfValue } from './spans.ts'
import type { FhirStore } from './store.ts'

/** Resources on a page when a search does not say, and at most: as HAPI has it. */
const usualCount = 20
const mostCount = 200

export interface Search {
  type: string
  tests: readonly Test[]
  order: readonly Order[]
  includes: readonly Include[]
  count: number
  offset: number
  /** Only how many there are. */
  isCount: boolean
}

interface Order {
  keys: (resource: Kept) => string | number | undefined
  isDescending: boolean
}

/** Resources that a reference of a found one leads to. */
interface Include {
  path: string
  type: string | undefined
}

/** Throws a FhirFailure for what cannot be searched so. */
export function readSearch(type: string, query: URLSearchParams): Search {
  const parameters = parametersOf(type)
  if (!parameters) throw unknownType(type)
  const tests: Test[] = []
  const search = { type, count: usualCount, offset: 0, isCount: false }
  const order: Order[] = []
  const includes: Include[] = []
  for (const [key, value] of query) {
    if (key === '_count') search.count = Math.min(wholeNumber(key, value), mostCount)
    else if (key === '_offset') search.offset = wholeNumber(key, value)
    else if (key === '_sort') order.push(...value.split(',').map((name) => orderBy(name, parameters)))
    else if (key === '_include') includes.push(includeOf(type, value, parameters))
    else if (key === '_summary') search.isCount = isCountOnly(value)
    else if (key === '_format') requireJson(value)
    // How many there are is always told.
    else if (key !== '_total') tests.push(testOf(key, value, type, parameters))
  }
  const isCount = search.isCount || search.count === 0
  return { ...search, isCount, tests, order, includes }
}

interface Found {
  total: number
  /** Of this page. */
  matches: readonly Kept[]
  included: readonly Kept[]
}

/** `covers` says which resources the caller may see. */
export function find(store: FhirStore, search: Search, covers: Test): Found {
  const found = store
    .all(search.type)
    .filter((resource) => covers(resource) && search.tests.every((test) => test(resource)))
  if (search.isCount) return { total: found.length, matches: [], included: [] }
  const matches = sorted(found, search.order).slice(search.offset, search.offset + search.count)
  return { total: found.length, matches, included: includedBy(store, search, matches, covers) }
}

export function unknownType(type: string): FhirFailure {
  return new FhirFailure(404, `This server keeps no resources of the type ${quoted(type)}.`)
}

function testOf(key: string, value: string, type: string, parameters: Parameters): Test {
  const [name = '', modifier] = key.split(':')
  const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined
  if (!parameter) {
    const known = Object.keys(parameters).sort().join(', ')
    throw new FhirFailure(
      400,
      `Unknown search parameter ${quoted(name)} for ${type}. This server knows ${known}, and _count, _include, _offset, _sort, _summary, _total.`,
    )
  }
  return compileTest(name, modifier, value, parameter)
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,6}$/.test(text))
    throw new FhirFailure(400, `The parameter ${quoted(name)} wants a whole number.`)
  return Number(text)
}

function isCountOnly(value: string): boolean {
  if (value === 'count') return true
  if (value === 'false') return false
  throw new FhirFailure(400, 'Of summaries this server knows only "_summary=count".')
}

export function requireJson(format: string): void {
  if (!/^(application\/(fhir\+)?json|json)\b/.test(format)) {
    throw new FhirFailure(406, 'This server speaks JSON only: leave "_format" out.')
  }
}

function orderBy(text: string, parameters: Parameters): Order {
  const name = text.replace(/^-/, '')
  const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined
  if (!parameter || parameter.kind === 'reference') {
    throw new FhirFailure(400, `This server cannot sort by ${quoted(name)}.`)
  }
  const keys = (resource: Kept) => {
    const [value] = parameter.paths.flatMap((path) => valuesAt(resource, path))
    return parameter.kind === 'date' ? spanOfValue(value)?.start : sortText(value)
  }
  return { keys, isDescending: text.startsWith('-') }
}

function sortText(value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  const inner = ['coding', 'code', 'value', 'family', 'text'].flatMap((path) => valuesAt(value, path))
  return inner[0] === undefined ? undefined : sortText(inner[0])
}

/** What has no value comes last, whichever way. */
function sorted(found: Kept[], order: readonly Order[]): Kept[] {
  if (order.length === 0) return found
  return found.sort((one, other) => {
    for (const { keys, isDescending } of order) {
      const [left, right] = [keys(one), keys(other)]
      if (left === right) continue
      if (left === undefined) return 1
      if (right === undefined) return -1
      return left < right === isDescending ? 1 : -1
    }
    return 0
  })
}

function includeOf(type: string, text: string, parameters: Parameters): Include {
  const [source, name = '', target] = text.split(':')
  const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined
  if (source !== type || parameter?.kind !== 'reference') {
    throw new FhirFailure(400, `This server cannot include ${quoted(text)} with ${type}.`)
  }
  return { path: parameter.paths[0] ?? '', type: target ?? parameter.target }
}

function includedBy(store: FhirStore, { includes }: Search, matches: readonly Kept[], covers: Test): Kept[] {
  const included = new Set<Kept>()
  for (const { path, type } of includes) {
    for (const reference of matches.flatMap((match) => valuesAt(match, `${path}.reference`))) {
      const [kind = '', id = ''] = String(reference).split('/')
      const target = type === undefined || type === kind ? store.read(kind, id) : undefined
      if (target && covers(target) && !matches.includes(target)) included.add(target)
    }
  }
  return [...included]
}
