/**
 * Answers prefetch templates as a FHIR server that cuts lists off does: as many as `_count` asks for and no more than
 * the server gives at most, the newest first where `_sort` asks for that, and its usual page where nothing is asked.
 */
import type { FhirResource } from 'fhir/r4.js'

type Json = Readonly<Record<string, unknown>>

export interface PagingServer {
  /** Resources on a page where a query does not say. */
  usual: number
  most: number
  /** Leaves `_sort` unheard. */
  ignoresOrder?: boolean
}

/** By prefetch key. `server` undefined gives every list whole. */
export function answerTemplates(
  templates: Readonly<Record<string, string>>,
  resources: readonly FhirResource[],
  server: PagingServer | undefined,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(templates).map(([key, template]) => {
      const [type = '', search] = template.split('?')
      if (search === undefined) {
        const [named] = type.split('/')
        return [
          key,
          key === 'encounter' ? null : (resources.find((each) => each.resourceType === named) ?? null),
        ]
      }
      const asked = new URLSearchParams(search)
      const found = resources.filter(
        (each) => each.resourceType === type && fits(each as unknown as Json, asked),
      )
      return [key, page(found, asked, server, template)]
    }),
  )
}

function page(
  found: readonly FhirResource[],
  asked: URLSearchParams,
  server: PagingServer | undefined,
  template: string,
) {
  const count = Number(asked.get('_count') ?? server?.usual)
  const size = server ? Math.min(count, server.most) : found.length
  const isOrdered = server && !server.ignoresOrder && asked.get('_sort')?.startsWith('-')
  const ordered = isOrdered ? [...found].sort((a, b) => dateIn(b).localeCompare(dateIn(a))) : found
  const isCut = found.length > size
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    total: found.length,
    link: [
      { relation: 'self', url: `https://ehr.example.org/fhir/${template}` },
      ...(isCut ? [{ relation: 'next', url: `https://ehr.example.org/fhir/${template}&page=2` }] : []),
    ],
    entry: ordered.slice(0, size).map((resource) => ({ resource, search: { mode: 'match' } })),
  }
}

/** Equality of `code` and `category`; the resources are one patient's already. */
function fits(resource: Json, asked: URLSearchParams): boolean {
  return ['code', 'category'].every((name) => {
    const wanted = asked.get(name)?.split(',')
    return (
      wanted === undefined ||
      codingsIn(resource[name]).some((token) => wanted.some((each) => matches(token, each)))
    )
  })
}

const matches = ({ system, code }: Json, wanted: string) =>
  wanted.includes('|') ? `${system}|${code}` === wanted : code === wanted

function codingsIn(value: unknown): Json[] {
  const concepts = (Array.isArray(value) ? value : [value]).filter(
    (each) => typeof each === 'object' && each !== null,
  )
  return concepts.flatMap(({ coding }: { coding?: unknown }) =>
    Array.isArray(coding) ? (coding as Json[]) : [],
  )
}

/** By what each type is sorted; entries without it come last. */
const dates = [
  'recordedDate',
  'authoredOn',
  'whenHandedOver',
  'effectiveDateTime',
  'effectivePeriod',
  'performedDateTime',
  'performedPeriod',
  'started',
  'period',
] as const

function dateIn(resource: FhirResource): string {
  for (const name of dates) {
    const value = (resource as unknown as Json)[name]
    if (typeof value === 'string') return value
    const start: unknown = (value as Json | undefined)?.start
    if (typeof start === 'string') return start
  }
  return ''
}
