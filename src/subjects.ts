/** What a call is about: subjects of its hook, resource types that their rules read, data it must bring, shape of its answer. */

import type { Profile } from './cards/suggestions.ts'
import { LumbarError } from './errors.ts'
import type { KnownCaller } from './explanation.ts'
import type { HookCall } from './hooks/call.ts'
import type { Hook } from './hooks/services.ts'
import type { Content } from './pathway/content.ts'
import type { Subject } from './pathway/schema.ts'
import type { PatientRecord } from './record/record.ts'

export const subjectsOf: Readonly<Record<Hook, readonly Subject[]>> = {
  'patient-view': ['chart-view'],
  'order-select': ['lumbar-imaging', 'opioid'],
  'order-sign': ['lumbar-imaging', 'opioid'],
}

/** Only what the rules of these subjects read is asked for; nothing, when no order concerns us. */
export function compileWanted(
  content: Content,
  wanted: (subject: Subject) => readonly string[],
  readBy: (fact: string) => ReadonlySet<string>,
): (about: readonly Subject[]) => ReadonlySet<string> {
  const typesBySubject = new Map(
    Object.values(subjectsOf)
      .flat()
      .map((subject) => [subject, typesReadBy(subject, content, wanted, readBy)]),
  )
  return (about) => new Set(about.flatMap((subject) => [...(typesBySubject.get(subject) ?? [])]))
}

function typesReadBy(
  subject: Subject,
  content: Content,
  wanted: (subject: Subject) => readonly string[],
  readBy: (fact: string) => ReadonlySet<string>,
): ReadonlySet<string> {
  const types = wanted(subject).flatMap((fact) => [...readBy(fact)])
  const { programmes, coverage } = content.site
  const isPaid =
    programmes.some(({ payers }) => payers) || (coverage.payers.length > 0 && subject !== 'chart-view')
  return new Set(
    ['Patient', ...types, ...(isPaid ? ['Coverage'] : [])].filter((type) => content.queries[type]),
  )
}

type WindowsByHook = Readonly<Record<Hook, ReadonlyMap<string, number>>>

/**
 * Days asked for beyond what the rules look back: the client's today may be the day before or after ours, and dates are
 * compared as written, of whatever time zone.
 */
const margin = 2

/**
 * Of clients that fill in dates: by resource type, the days back from today of which entries are asked for. Only of types
 * that may lack what bears no date, and that no rule of these subjects reads for all time.
 */
export function compileWindows(
  { queries }: Content,
  wanted: (subject: Subject) => readonly string[],
  reach: (fact: string, type: string) => number,
): WindowsByHook {
  const types = Object.keys(queries).filter((type) => queries[type]?.['windowed-because'])
  const windowsOf = (about: readonly Subject[]) => {
    const facts = about.flatMap(wanted)
    const days = types.map((type) => [type, Math.max(0, ...facts.map((fact) => reach(fact, type)))] as const)
    return new Map(
      days.flatMap(([type, back]) => (back > 0 && Number.isFinite(back) ? [[type, back + margin]] : [])),
    )
  }
  return {
    'patient-view': windowsOf(subjectsOf['patient-view']),
    'order-select': windowsOf(subjectsOf['order-select']),
    'order-sign': windowsOf(subjectsOf['order-sign']),
  }
}

/** By prefetch key: the first day, since 1970-01-01, of which a client sends everything that is asked so many days back. */
export const sinceOf = (
  { queries }: Content,
  days: ReadonlyMap<string, number>,
  today: number,
): ReadonlyMap<string, number> =>
  new Map([...days].map(([type, back]) => [queries[type]?.key ?? '', today - back + 1]))

/** PF-12: without required data there is no advice, and saying nothing would hide that. */
export function requireData(record: PatientRecord, content: Content) {
  const missing = Object.entries(content.queries).filter(
    ([type, query]) => query.required && record.completeness(type) === 'missing',
  )
  if (missing.length === 0) return
  const keys = missing.map(([, { key }]) => key)
  throw new LumbarError(
    'data-unavailable',
    `prefetch ${keys.join(', ')} did not come for the patient of the context: send it, because nothing can be advised without it`,
    keys.map((key) => `prefetch.${key}`),
  )
}

/** Epic carries its own extension in every request; a site may also fix the profile (`site.yaml`). */
export function profileFor(call: HookCall, content: Content, caller: KnownCaller | undefined): Profile {
  const profile = caller?.profile ?? content.site.clients.profile
  if (profile !== 'detect') return profile
  return Object.keys(call.extension ?? {}).some((key) => key.startsWith('com.epic.')) ? 'epic' : 'standard'
}
