/**
 * The library in a process of its own, watched by Node itself: what it touches when it is imported, opened and asked. The
 * process may read files and nothing else (`--permission`), every handle that is made is seen (`async_hooks`), and whoever asks
 * the environment, the clock or chance is written down.
 */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { hookCall, loadOrder, loadPatient } from '../fhir-fixtures/load.ts'
import { realContent, root } from './support/evaluator.ts'

const today = '2026-11-21'

/** By phase: what was touched. */
type Seen = Record<'import' | 'open' | 'judge', string[]> & { cards: number; handles: string[] }

/** Runs in the process that is watched, before anything of ours is loaded. */
const watcher = `
import { createHook } from 'node:async_hooks'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
let phase = 'import'
const seen = { import: new Set(), open: new Set(), judge: new Set() }
const see = (what) => seen[phase].add(what)
const quiet = new Set(['PROMISE', 'TickObject', 'FSREQPROMISE', 'FSREQCALLBACK', 'FILEHANDLE', 'FILEHANDLECLOSEREQ', 'Immediate'])
createHook({ init: (_, type) => { if (!quiet.has(type)) see('handle ' + type) } }).enable()
const environment = { ...process.env }
Object.defineProperty(process, 'env', { value: new Proxy(environment, {
  get: (all, name) => { if (typeof name === 'string') see('environment ' + name); return all[name] },
  has: (all, name) => { see('environment ' + String(name)); return name in all },
  ownKeys: (all) => { see('environment whole'); return Reflect.ownKeys(all) },
}) })
for (const name of ['readFileSync', 'openSync', 'readdirSync', 'existsSync', 'statSync', 'readFile']) {
  const read = fs[name]
  fs[name] = (...words) => { see('file'); return read(...words) }
}
syncBuiltinESMExports()
for (const [of, name] of [[Math, 'random'], [Date, 'now'], [performance, 'now'], [crypto, 'randomUUID'], [crypto, 'getRandomValues'], [globalThis, 'fetch']]) {
  const ask = of[name]
  of[name] = (...words) => { see(name); return ask.apply(of, words) }
}
const RealDate = Date
globalThis.Date = new Proxy(Date, { construct: (_, words) => { if (words.length === 0) see('new Date()'); return new RealDate(...words) } })
const { openLibrary } = await import('lumbar')
phase = 'open'
const lumbar = openLibrary()
phase = 'judge'
let cards = 0
for (const call of JSON.parse(process.argv[1])) cards += (await lumbar.judge(call, '${today}')).cards.length
const told = Object.fromEntries(Object.entries(seen).map(([name, all]) => [name, [...all].sort()]))
fs.writeSync(1, JSON.stringify({ ...told, cards, handles: process.getActiveResourcesInfo() }))
`

describe('The library, watched', () => {
  let seen: Seen
  beforeAll(async () => {
    const calls = (['order-sign', 'patient-view'] as const).flatMap((hook) =>
      ['acute-week-two', 'opioid-chronic'].map((patient) =>
        hookCall({
          patient: loadPatient(root, patient, today),
          orders: ['lumbar-mri', 'oxycodone'].map((order) => loadOrder(root, order)),
          hook,
          queries: realContent().queries,
          today,
        }),
      ),
    )
    const words = ['--permission', '--allow-fs-read=*', '--input-type=module', '--eval', watcher]
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      [...words, JSON.stringify(calls)],
      { cwd: root, maxBuffer: 10_000_000 },
    )
    expect(stderr.replace(/.*(SecurityWarning|ExperimentalWarning|trace-warnings).*\n/g, '')).toBe('')
    seen = JSON.parse(stdout) as Seen
  }, 60_000)

  test('makes no handle: no socket, no server, no timer, no thread, no process', () => {
    for (const phase of ['import', 'open', 'judge'] as const)
      expect(seen[phase].filter((what) => what.startsWith('handle'))).toEqual([])
    expect(seen.handles).toEqual([])
  })

  test('reads of the environment what its page says', () => {
    const page = readFileSync(join(root, 'docs/library.md'), 'utf8')
    const asked = [...seen.import, ...seen.open, ...seen.judge].flatMap((what) =>
      what.startsWith('environment ') ? [what.slice('environment '.length)] : [],
    )
    expect([...new Set(asked)].filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })

  test('judges from memory: no file, no clock, no chance', () => {
    expect(seen.cards).toBeGreaterThan(3)
    expect(seen.judge).toEqual([])
  })

  test('asks no clock and no chance to be opened', () => {
    expect(seen.open.filter((what) => what !== 'file' && !what.startsWith('environment '))).toEqual([])
    expect(seen.import.filter((what) => what !== 'file' && !what.startsWith('environment '))).toEqual([])
  })
})
