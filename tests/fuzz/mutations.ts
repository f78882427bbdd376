/** Sound calls made unsound, as a broken or hostile client would send them: changed where FHIR has something to say. */
import type { Random } from '../support/random.ts'

type Json = Record<string, unknown>

/** A place in a tree: what holds it, and under which key. */
interface Place {
  holder: Json | unknown[]
  key: string
}

/** Characters: a little less than a body may have, so that some calls have more. */
const mostSize = 6_000_000
/** What the call that is being changed may become. */
let room = mostSize

type Mutation = (place: Place, random: Random, call: Json) => void

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const valueAt = ({ holder, key }: Place): unknown => (holder as Json)[key]
const put = ({ holder, key }: Place, value: unknown): void => {
  // Plain assignment would set the prototype, which no JSON can.
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true })
}

const types = [
  'Patient',
  'Bundle',
  'Condition',
  'OperationOutcome',
  'MedicationOrder',
  'Zebra',
  '',
  'constructor',
]
const oddTexts = [
  '',
  ' ',
  '\u0000',
  '\uD800',
  '\u202Ereversed\u202C',
  '👩🏽‍⚕️',
  'İstanbul ﬁ ß',
  'e\u0301\u0301\u0301',
  '<script>alert(1)</script>',
  '[x](javascript:alert(1))',
  '{{context.patientId}}',
  '../../../etc/passwd',
  "'; drop table cards; --",
  '__proto__',
  'constructor',
  'NaN',
  '-0',
  '1e999',
]
const oddDates = [
  '0000-00-00',
  '2026-02-30',
  '9999-12-31T23:59:60Z',
  '2026-11-21T25:61:61+99:99',
  '+275760-09-13',
  '-000001-01-01',
  '2026',
  '2026-1-1',
  'yesterday',
]
const oddNumbers = [0, -0, -1, 1e308, -1e308, 5e-324, 2 ** 53 + 1, 0.1 + 0.2]
const oddReferences = [
  '#',
  '#x',
  '/',
  'Patient/',
  'Patient/../x',
  'urn:uuid:',
  'Patient/x/_history/',
  '//',
  '?',
]
const oddKeys = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'length',
  '',
  'resourceType',
  'extension',
]

/** As many as wanted, and no more than a body may hold. */
function copies(value: unknown, wanted: number): unknown[] {
  const size = JSON.stringify(value ?? null).length + 1
  return Array.from({ length: Math.min(wanted, Math.ceil(room / size)) }, () => value ?? 0)
}

const drop: Mutation = ({ holder, key }) => {
  if (Array.isArray(holder)) holder.splice(Number(key), 1)
  else delete holder[key]
}

const duplicate: Mutation = (place, random) => {
  const { holder, key } = place
  if (Array.isArray(holder)) holder.push(...copies(valueAt(place), 1 + random.below(50)))
  else put({ holder, key: random.pick(oddKeys) }, holder[key])
}

const retype: Mutation = (place, random) => {
  const value = valueAt(place)
  const others: unknown[] = [
    null,
    true,
    0,
    'text',
    [],
    {},
    [value],
    { value },
    [[]],
    String(value),
    [null, value],
  ]
  put(place, random.pick(others))
}

const nest: Mutation = (place, random) => {
  let value = valueAt(place)
  for (let depth = random.pick([1, 5, 100]); depth > 0; depth -= 1) {
    value = random.chance(0.5) ? [value] : { resource: value, entry: [], contained: null }
  }
  put(place, value)
}

/** Deeper than a tree can be walked here: stands for its depth until the call is text. */
const deep: Mutation = (place, random) => put(place, `DEPTH ${random.pick([2000, 100_000])}`)
const dig = (text: string) => {
  let holes = 0
  return text.replace(/"DEPTH (\d+)"/g, (marker, depth) => {
    holes += 1
    return holes > 3 ? marker : '{"entry":['.repeat(Number(depth)) + ']}'.repeat(Number(depth))
  })
}

const oddText: Mutation = (place, random) => put(place, random.pick(oddTexts))
const oddDate: Mutation = (place, random) => put(place, random.pick(oddDates))
const oddNumber: Mutation = (place, random) => put(place, random.pick(oddNumbers))
const oddReference: Mutation = (place, random) => put(place, { reference: random.pick(oddReferences) })
const wrongType: Mutation = (place, random) => {
  const value = valueAt(place)
  if (isObject(value)) value.resourceType = random.pick(types)
  else put(place, { resourceType: random.pick(types) })
}

const hugeText: Mutation = (place, random) =>
  put(
    place,
    random.pick(['a', '1', ' ', 'mg ', '((((', 'é', 'not ']).repeat(random.pick([1000, 30_000, 300_000])),
  )

const longList: Mutation = (place, random) =>
  put(place, copies(valueAt(place), random.chance(0.2) ? 100_000 : 2000))

/** Resources that refer to themselves and to each other in a ring. */
const ring: Mutation = (place) => {
  const resource = (id: string, to: string) => ({
    resource: {
      resourceType: 'Condition',
      id,
      subject: { reference: `Condition/${to}` },
      encounter: { reference: `Encounter/${to}` },
      partOf: [{ reference: `Condition/${id}` }],
      contained: [{ resourceType: 'Condition', id, subject: { reference: `#${id}` } }],
    },
    fullUrl: `urn:uuid:${to}`,
  })
  put(place, { resourceType: 'Bundle', entry: [resource('a', 'b'), resource('b', 'a'), resource('c', 'c')] })
}

/** Something from elsewhere in the call. */
const swap: Mutation = (place, random, call) =>
  put(place, structuredClone(valueAt(random.pick(placesOf(call)))))

const mutations: readonly Mutation[] = [
  drop,
  drop,
  duplicate,
  retype,
  retype,
  nest,
  deep,
  oddText,
  oddText,
  oddDate,
  oddNumber,
  oddReference,
  wrongType,
  hugeText,
  longList,
  ring,
  swap,
]

function placesOf(value: unknown): Place[] {
  const places: Place[] = []
  const walk = (holder: unknown): void => {
    if (typeof holder !== 'object' || holder === null) return
    for (const key of Object.keys(holder)) {
      places.push({ holder: holder as Json, key })
      walk((holder as Json)[key])
    }
  }
  walk(value)
  return places
}

/** A few changes to a copy of the call, as the text that is sent; not many times longer than `most` characters. */
export function mutate(call: object, random: Random, most = mostSize): string {
  room = most
  let text = JSON.stringify(call)
  for (let changes = random.pick([1, 1, 2, 3, 8]); changes > 0 && text.length < most; changes -= 1) {
    // Read anew each time: what was repeated is then many things, and is not changed in all places at once.
    const copy = JSON.parse(text) as Json
    const places = placesOf(copy)
    if (places.length > 0) random.pick(mutations)(random.pick(places), random, copy)
    text = JSON.stringify(copy)
  }
  return random.chance(0.05) ? damage(dig(text), random) : dig(text)
}

/** No longer JSON, or by chance still. */
function damage(text: string, random: Random): string {
  const at = random.below(text.length)
  const rest = text.slice(at + 1)
  return random.pick([
    text.slice(0, at),
    text.slice(0, at) + rest,
    `${text.slice(0, at)}"${rest}`,
    text + text,
  ])
}
