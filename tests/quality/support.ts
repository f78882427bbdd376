/** The dashboard in an application of its own: its routes, a ledger in memory, reports in a folder, a clock that stands still. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify, { type FastifyInstance } from 'fastify'
import { partWithForms } from '../../src/http/places.ts'
import { ledgerKeys } from '../../src/ledger/keys.ts'
import type { Sql } from '../../src/ledger/sql.ts'
import { ask } from '../../src/net/asker.ts'
import type { Measure } from '../../src/pathway/measures.ts'
import { openQuality, type QualitySetup } from '../../src/quality/open.ts'
import { type ReportFile, reportName } from '../../src/quality/reports.ts'
import type { Count, Dimension } from '../../src/quality/results.ts'
import { routes } from '../../src/quality-start.ts'
import type { QualitySettings } from '../../src/site/quality.ts'
import { memoryStores } from '../../src/store/store.ts'
import { realContent } from '../support/evaluator.ts'
import { emptyLedger } from './ledger.ts'

export const keys = ledgerKeys(Buffer.alloc(32, 7))
export const now = new Date('2026-01-15T12:00:00Z')

export interface Dashboard {
  app: FastifyInstance
  sql: Sql
  reports: string
  log: object[]
  close(): Promise<void>
}

export async function openDashboard(
  settings?: QualitySettings,
  more: Partial<QualitySetup> = {},
): Promise<Dashboard> {
  const sql = emptyLedger()
  const reports = mkdtempSync(join(tmpdir(), 'lumbar-quality-'))
  const log: object[] = []
  const note = (line: object) => log.push(line)
  const quality = openQuality({
    ...{ sql, keys, content: realContent(), reports, settings, secret: undefined, ask },
    kept: memoryStores(() => now.getTime()).kept,
    log: { info: note, warn: note },
    now: () => now,
    ...more,
  })
  const app = Fastify()
  app.register(
    partWithForms(
      routes.map(([method, url, name]) => ({
        ...{ method, url },
        handler: (request, reply) => quality.answer(name, request, reply),
      })),
    ),
  )
  await app.ready()
  return {
    ...{ app, sql, reports, log },
    close: async () => {
      await Promise.all([app.close(), quality.close(), sql.close()])
      rmSync(reports, { recursive: true })
    },
  }
}

const measure = (id: string, name: string): Measure => ({
  ...{
    id,
    name,
    section: 'Imaging',
    question: 'How often?',
    counts: 'episodes',
    denominator: 'Adults.',
    exclusions: [],
    numerator: 'An image.',
  },
  ...{
    reported: 'share',
    direction: 'lower',
    judged: false,
    headline: true,
    sources: ['hedis-lbp-2025'],
    licence: 'Ours.',
    not: ['A verdict.'],
  },
})

const clinics = {
  ana: 'north',
  bea: 'north',
  cora: 'north',
  dan: 'north',
  eve: 'south',
  fay: 'south',
} as const

/** A year: each month each clinician saw people, of whom a share was imaged that `share` says. */
export function reportOf(
  year: number,
  share: (clinician: string, month: number) => number,
  people = 30,
): ReportFile {
  const counts = new Map<string, Count>()
  const count = (by: Dimension, value: string, status: string, n: number) => {
    const key = `${by} ${value} ${status}`
    const known = counts.get(key)
    counts.set(key, {
      measure: 'imaging',
      variant: 'within 28 days',
      by,
      value,
      status,
      count: (known?.count ?? 0) + n,
    })
  }
  for (const [clinician, clinic] of Object.entries(clinics))
    for (let month = 1; month <= 12; month++) {
      const met = Math.round(people * share(clinician, month))
      for (const [status, n] of [
        ['met', met],
        ['not met', people - met],
      ] as const) {
        count('all', 'all', status, n)
        count('clinician', clinician, status, n)
        count('clinic', clinic, status, n)
        count('month', `${year}-${String(month).padStart(2, '0')}`, status, n)
        count('race', month % 3 === 0 ? 'Asian' : 'White', status, n)
      }
    }
  return {
    ...{ kind: 'lumbar report', version: 1, period: { start: `${year}-01-01`, end: `${year}-12-03` } },
    measures: [measure('imaging', 'Imaging soon')],
    counts: [...counts.values()],
    clinicOf: clinics,
    cases: { ana: [{ age: '45-64', ordered: 'an MRI of the lumbar spine', days: 4, rule: 'IM01' }] },
    services: [
      { need: 'wasteful', services: 90, people: 88, usd: 0, unpriced: 0 },
      { need: 'likely wasteful', services: 40, people: 40, usd: 0, unpriced: 0 },
      { need: 'necessary', services: 7, people: 7, usd: 0, unpriced: 0 },
    ],
    ...{ episodes: people * 72, people: people * 72 },
  }
}

export function keepReport({ reports }: Dashboard, name: string, report: unknown): void {
  mkdirSync(join(reports, name), { recursive: true })
  writeFileSync(join(reports, name, reportName), JSON.stringify(report))
}
