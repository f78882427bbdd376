/** The vignette language: clinical examples with their expected outcome, as a clinician writes them in YAML. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Answers } from '../../src/facts/answers.ts'
import { indicator, queriesFile } from '../../src/pathway/schema.ts'
import { ruleByName } from '../support/rule-names.ts'
import { chartItem, draft, thisEncounter } from './chart-language.ts'

const day = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'is not a day such as 2026-11-21')
const sentence = z.string().min(8)

const root = join(import.meta.dirname, '../..')
export const { queries } = queriesFile.parse(parse(readFileSync(join(root, 'pathway/queries.yaml'), 'utf8')))
/** What a client may send: the keys that we publish, and the encounter of the call. */
export const prefetchKeys = [...Object.values(queries).map(({ key }) => key), 'encounter']
const keys = z.array(z.enum(prefetchKeys)).default([])

/** Kinds of care that a card may offer; the keys of its suggestions hold these words. */
const offer = z.enum([
  'physical-therapy',
  'chiropractic',
  'education',
  'remove',
  'behavioral-health',
  'naloxone',
  'mri',
  'contrast',
  'xray',
  'emergency',
])

const expectedCard = z.strictObject({
  rule: ruleByName,
  indicator,
  /** Rules that this card carries as lines: all of them, in their order; left out: none. */
  lines: z.array(ruleByName).optional(),
  'lines-not': z.array(ruleByName).optional(),
  /** Keys of what it offers: all of them, in their order; left out: nothing is offered. */
  suggestions: z.array(z.string()).optional(),
  offers: z.array(offer).optional(),
  'offers-not': z.array(offer).optional(),
  says: z.array(z.string()).optional(),
  'says-not': z.array(z.string()).optional(),
})

const vignette = z.strictObject({
  vignette: z.string().regex(/^[VL]\d{2,4}[a-z]?(-\d+)?$/, 'is not a number such as V01 or L001'),
  title: sentence,
  /** The rule it is about … */
  rule: ruleByName,
  /** … and the side of it that it shows. */
  side: z.enum(['fires', 'silent', 'cannot-tell']),
  today: day.optional(),
  /** Why this is expected, or what was chosen where the clinical text is silent. */
  note: sentence.optional(),
  patient: z.strictObject({
    age: z.int().min(0).max(110).or(z.literal('unknown')),
    sex: z.enum(['female', 'male', 'other', 'unknown']).default('female'),
    /** Half a year ago unless it matters. `tomorrow`: the last day at this age. */
    birthday: z
      .enum(['today', 'tomorrow', 'half a year ago', 'only the year is known'])
      .default('half a year ago'),
  }),
  chart: z.array(chartItem).default([]),
  encounter: thisEncounter.or(z.literal('none')).prefault({}),
  /** None when a chart is opened. */
  orders: z.array(draft).default([]),
  hook: z.enum(['order-sign', 'order-select', 'patient-view']).default('order-sign'),
  /** What was answered or noted before in the SMART app, by fact. */
  answered: z.record(z.string(), z.boolean()).default({}),
  /** Prefetch keys that did not come, came as an error, as nothing, or with a next page that was not read. */
  missing: keys,
  failed: keys,
  empty: keys,
  truncated: keys,
  /** What the hospital has set, where it matters. */
  site: z
    .strictObject({
      'prior-authorization': z.array(z.string()).exactOptional(),
      'washington-medicaid': z.array(z.string()).exactOptional(),
      /** Vignettes play in Washington, unless they say otherwise. */
      state: z.enum(['WA', 'none']).exactOptional(),
    })
    .optional(),
  expect: z.strictObject({ cards: z.array(expectedCard) }),
})
export type Vignette = z.infer<typeof vignette> & { today: string }
export type ExpectedCard = z.infer<typeof expectedCard>

/** What the site has set in a vignette, as `site.yaml` has it. */
export function siteSettings(site: Vignette['site']) {
  return {
    payers: {
      'prior-authorization': site?.['prior-authorization'] ?? [],
      'washington-medicaid': site?.['washington-medicaid'] ?? [],
    },
    state: site?.state === 'none' ? undefined : ('WA' as const),
  }
}

/** What was answered before, as the evaluator hears it. */
export const answersTo = async ({ answered }: Pick<Vignette, 'answered'>): Promise<Answers> =>
  new Map(Object.entries(answered).map(([fact, value]) => [fact, { value, at: '08:15' }]))

const file = z.strictObject({
  about: sentence,
  /** The day of the call for every vignette of the file that names no other. */
  today: day.default('2026-11-21'),
  vignettes: z.array(vignette).min(1),
})

interface VignetteFile {
  name: string
  vignettes: Vignette[]
}

export function readVignette(written: unknown, today = '2026-11-21'): Vignette {
  const read = vignette.parse(written)
  return { ...read, today: read.today ?? today }
}

/**
 * A vignette with a list `each` is told once for each of them, as `L950-1`, `L950-2` …: `{each}` stands for it wherever
 * it is written. Another is told as it is written.
 */
function toldOut(written: { vignette?: string; each?: readonly string[] }): unknown[] {
  const { each, ...rest } = written
  if (!Array.isArray(each)) return [written]
  return each.map((one, at) => ({
    ...JSON.parse(JSON.stringify(rest), (_, value) =>
      typeof value === 'string' ? value.replaceAll('{each}', String(one)) : value,
    ),
    vignette: `${written.vignette}-${at + 1}`,
  }))
}

const loaded = new Map<string, readonly VignetteFile[]>()
/** Every file of `tests/vignettes`, read once for a process; or an error that names file, vignette and place. */
export function loadVignettes(folder = join(root, 'tests/vignettes')): readonly VignetteFile[] {
  const files = loaded.get(folder) ?? readVignettes(folder)
  loaded.set(folder, files)
  return files
}

function readVignettes(folder: string): VignetteFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => {
      const asWritten = parse(readFileSync(join(folder, name), 'utf8'))
      const written = { ...asWritten, vignettes: asWritten?.vignettes?.flatMap(toldOut) }
      const read = file.safeParse(written)
      if (!read.success) throw new Error(`${name}\n${explain(read.error, written)}`)
      const { today, vignettes } = read.data
      return { name, vignettes: vignettes.map((each) => ({ ...each, today: each.today ?? today })) }
    })
}

function explain(error: z.ZodError, written: { vignettes?: { vignette?: string }[] }): string {
  return error.issues
    .map(({ path, message }) => {
      const [first, index, ...rest] = path
      const name = first === 'vignettes' && typeof index === 'number' && written.vignettes?.[index]?.vignette
      return `  ${name ? `${name} ${rest.join('.')}` : path.join('.')}: ${message}`
    })
    .join('\n')
}
