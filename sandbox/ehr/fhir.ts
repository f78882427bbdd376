/** The mock EHR's own data: a FHIR R4 server spoken to over HTTP, the embedded one or any other such as HAPI. */
import type { Bundle, FhirResource } from 'fhir/r4.js'

export interface FhirStore {
  /** Without a trailing slash. */
  base: string
  /** What the server answers to a query such as `Condition?patient=p1`: data, or why there is none. */
  query(query: string, signal?: AbortSignal): Promise<FhirAnswer>
  /** Resources of one type, of all pages up to a few. Throws FhirProblem. */
  search<T extends FhirResource['resourceType']>(type: T, parameters: string): Promise<Of<T>[]>
  /** Undefined when there is none. Throws FhirProblem. */
  read<T extends FhirResource['resourceType']>(type: T, id: string): Promise<Of<T> | undefined>
  /** Throws FhirProblem. */
  create(resource: FhirResource): Promise<string>
}

export type Of<T extends FhirResource['resourceType']> = Extract<FhirResource, { resourceType: T }>

export interface FhirAnswer {
  status: number
  body: FhirResource | undefined
}

/** The sandbox's FHIR server did not do what was asked. The message says what to look at. */
export class FhirProblem extends Error {
  override name = 'FhirProblem'
}

const patience = 10_000
const mostPages = 5
const pageSize = 200
const fhirJson = 'application/fhir+json'

export function openFhir(base: string): FhirStore {
  const ask = async (address: string, init: RequestInit = {}): Promise<FhirAnswer> => {
    const signal = init.signal ?? AbortSignal.timeout(patience)
    // HAPI may answer a repeated search from its cache, without what was signed a moment ago.
    const headers = { accept: fhirJson, 'cache-control': 'no-cache', ...init.headers }
    const response = await fetch(address, { ...init, signal, headers, redirect: 'manual' }).catch((error) => {
      throw new FhirProblem(`The FHIR server at ${base} cannot be reached (${nameOf(error)}).`)
    })
    const text = await response.text()
    return { status: response.status, body: parsed(text) }
  }

  const query: FhirStore['query'] = (text, signal) =>
    ask(`${base}/${encodeQuery(text)}`, signal ? { signal } : {})

  return {
    base,
    query,
    search: async (type, parameters) => {
      const found: FhirResource[] = []
      let next: string | undefined = `${base}/${encodeQuery(`${type}?${parameters}&_count=${pageSize}`)}`
      for (let page = 0; next !== undefined && page < mostPages; page++) {
        const answer: FhirAnswer = await ask(next)
        if (answer.status >= 300 || answer.body?.resourceType !== 'Bundle')
          throw new FhirProblem(`GET ${type}: ${problemIn(answer)}`)
        found.push(...resourcesIn(answer.body as Bundle<FhirResource>))
        next = nextPage(answer.body, base)
      }
      return found.filter(({ resourceType }) => resourceType === type) as Of<typeof type>[]
    },
    read: async (type, id) => {
      const answer = await ask(`${base}/${type}/${encodeURIComponent(id)}`)
      if (answer.status === 404 || answer.status === 410) return undefined
      if (answer.status >= 300 || answer.body?.resourceType !== type)
        throw new FhirProblem(`GET ${type}: ${problemIn(answer)}`)
      return answer.body as Of<typeof type>
    },
    create: async (resource) => {
      const answer = await ask(`${base}/${resource.resourceType}`, {
        method: 'POST',
        headers: { 'content-type': fhirJson },
        body: JSON.stringify(resource),
      })
      if (answer.status >= 300) throw new FhirProblem(`POST ${resource.resourceType}: ${problemIn(answer)}`)
      return answer.body?.id ?? ''
    },
  }
}

const resourcesIn = (bundle: Bundle<FhirResource>): FhirResource[] =>
  (bundle.entry ?? []).flatMap(({ resource }) => resource ?? [])

/** Only on the server itself. */
function nextPage(bundle: Bundle, base: string): string | undefined {
  const url = bundle.link?.find(({ relation }) => relation === 'next')?.url
  const next = url === undefined ? null : URL.parse(url, `${base}/`)
  return next?.origin === new URL(base).origin ? next.href : undefined
}

/** Templates write `|` and spaces as they are. */
const encodeQuery = (text: string) => text.replace(/[|\s"<>^`{}\\]/g, encodeURIComponent)

function parsed(text: string): FhirResource | undefined {
  try {
    const body: unknown = JSON.parse(text)
    const isResource = typeof body === 'object' && body !== null && 'resourceType' in body
    return isResource ? (body as FhirResource) : undefined
  } catch {
    return undefined
  }
}

function problemIn({ status, body }: FhirAnswer): string {
  const said =
    body?.resourceType === 'OperationOutcome'
      ? body.issue.map(({ diagnostics, details }) => diagnostics ?? details?.text ?? '').join(' ')
      : ''
  return `the FHIR server answered ${status}. ${said}`.trim()
}

function nameOf(error: unknown): string {
  const { cause, name } = error as { cause?: { code?: string }; name?: string }
  return cause?.code ?? name ?? 'no answer'
}
