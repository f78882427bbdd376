/** Prefetch as an EHR does it: fills the templates of discovery and asks its FHIR server, or lets a key go wrong. */
import type { FhirResource, OperationOutcome } from 'fhir/r4.js'
import type { FhirStore } from './fhir.ts'
import { evaluate, type Filling } from './simple-fhirpath.ts'

/** What becomes of one prefetch key; all but `send` are for trying out what a service makes of it. */
export const keyModes = ['send', 'withhold', 'fail', 'null', 'delay'] as const
export type KeyMode = (typeof keyModes)[number]

export interface Prefetched {
  key: string
  mode: KeyMode
  /** As published. */
  template: string
  /** With its tokens filled; undefined when one could not be. */
  query: string | undefined
  /** What was sent under the key; undefined when the key was left out. */
  answer: FhirResource | null | undefined
  /** What happened, in words. */
  outcome: string
  ms: number
}

/** How long this EHR waits for prefetch before it calls without the key, in ms. */
export const prefetchPatience = 1000
/** How long a delayed query takes, in ms: longer than that. */
const delay = 1500

/** Values of `{{context.patientId}}` and its like. */
type Tokens = Readonly<Record<string, string | undefined>>

interface PrefetchSettings {
  fhir: FhirStore
  modes: Readonly<Record<string, KeyMode>>
  /** Milliseconds from any beginning. */
  stopwatch: () => number
}

export function prefetchAll(
  templates: Readonly<Record<string, string>>,
  tokens: Tokens,
  settings: PrefetchSettings,
): Promise<Prefetched[]> {
  return Promise.all(
    Object.entries(templates).map(([key, template]) => prefetchOne(key, template, tokens, settings)),
  )
}

async function prefetchOne(
  key: string,
  template: string,
  tokens: Tokens,
  { fhir, modes, stopwatch }: PrefetchSettings,
): Promise<Prefetched> {
  const mode = modes[key] ?? 'send'
  const query = fill(template, tokens)
  const begun = stopwatch()
  const told = (outcome: string, answer?: FhirResource | null): Prefetched => ({
    key,
    mode,
    template,
    query,
    answer,
    outcome,
    ms: stopwatch() - begun,
  })
  if (query === undefined) return told('left out: this call has no value for the template')
  if (mode === 'withhold') return told('left out')
  if (mode === 'null') return told('null: “nothing found”', null)
  if (mode === 'fail') return told('OperationOutcome: the query failed', failure('The search failed'))
  const ending = AbortSignal.timeout(prefetchPatience)
  const asked = mode === 'delay' ? after(delay, () => fhir.query(query)) : fhir.query(query, ending)
  const answer = await Promise.race([asked.catch(() => undefined), aborted(ending)])
  if (answer === undefined) return told(`left out: no answer within ${prefetchPatience} ms`)
  const { status, body } = answer
  if (status >= 400) return told(`OperationOutcome: the server answered ${status}`, outcomeOf(body, status))
  if (!body) return told('left out: the server answered no FHIR resource')
  return told(counted(body), body)
}

/**
 * Replaces every token; undefined when one has no value, and then the key is left out. With `filling` tokens may be FHIRPath,
 * as clients of CDS Hooks 3.0 take it.
 */
export function fill(template: string, tokens: Tokens, filling?: Filling): string | undefined {
  let isWhole = true
  const filled = template.replace(/\{\{([^{}]*)\}\}/g, (token, between: string) => {
    const name = between.trim()
    if (!filling && !/^[\w.]+$/.test(name)) return token
    const value = tokens[name] ?? (filling && evaluate(name, filling))
    if (value === undefined || value === '') isWhole = false
    return encodeURIComponent(value ?? '').replaceAll('%2F', '/')
  })
  return isWhole && !filled.includes('{{') ? filled : undefined
}

function counted(body: FhirResource): string {
  if (body.resourceType !== 'Bundle') return `sent: one ${body.resourceType}`
  const found = (body.entry ?? []).filter(({ search }) => search?.mode !== 'outcome').length
  const more = body.link?.some(({ relation }) => relation === 'next') ? ', and more on the next page' : ''
  return `sent: ${found === 0 ? 'nothing found' : `${found} found`}${more}`
}

function outcomeOf(body: FhirResource | undefined, status: number): OperationOutcome {
  return body?.resourceType === 'OperationOutcome' ? body : failure(`The FHIR server answered ${status}`)
}

function failure(diagnostics: string): OperationOutcome {
  return { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception', diagnostics }] }
}

const after = <T>(ms: number, then: () => Promise<T>) =>
  new Promise<void>((resolve) => void setTimeout(resolve, ms).unref()).then(then)

const aborted = (signal: AbortSignal) =>
  new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
