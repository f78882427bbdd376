/** A bulk export from a server gives the same files as the folder it was made of, whatever breaks on the way. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportJWK, generateKeyPair } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { bulkExport } from '../../population/bulk/export.ts'
import { openRemote } from '../../population/bulk/remote.ts'
import { openDuck } from '../../population/duck.ts'
import { writePopulation } from '../../population/generate/write.ts'
import { takeIn } from '../../population/intake.ts'
import { loadCodes, loadViews } from '../../population/load.ts'
import { buildBlocks, runMeasures } from '../../population/measure.ts'
import { backendAccess } from '../../src/smart/backend.ts'
import { readKeyRing } from '../../src/smart/launch/keys.ts'
import { realContent } from '../support/evaluator.ts'
import { type BulkServer, openBulkServer } from './bulk-server.ts'

const made = mkdtempSync(join(tmpdir(), 'lumbar-bulk-made-'))
let server: BulkServer
let out: string
let paused: number[]
let said: string[]

beforeAll(() => {
  writePopulation({ out: made, patients: 60, seed: 4 })
})
beforeEach(async () => {
  server = await openBulkServer()
  out = mkdtempSync(join(tmpdir(), 'lumbar-bulk-out-'))
  ;[paused, said] = [[], []]
  for (const file of readdirSync(made).filter((name) => name.endsWith('.ndjson'))) {
    const lines = readFileSync(join(made, file), 'utf8').split('\n').filter(Boolean)
    const half = Math.ceil(lines.length / 2)
    // The second of two files has no end of line.
    server.files[file.replace('.ndjson', '')] = [
      `${lines.slice(0, half).join('\n')}\n`,
      lines.slice(half).join('\n'),
    ]
  }
})
afterEach(async () => {
  await server.close()
  rmSync(out, { recursive: true })
})
afterAll(() => rmSync(made, { recursive: true }))

const bring = (more: { token?: (stale?: string) => Promise<string>; group?: string } = {}) =>
  bulkExport({
    ...{ base: server.base, out, types: Object.keys(server.files), group: more.group },
    remote: openRemote({ token: more.token, now: Date.now }),
    sleep: async (ms) => void paused.push(ms),
    say: (line) => said.push(line),
  })
const heard = (what: string) => server.heard.filter((each) => each.what === what)
const linesOf = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.ndjson'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean))
    .sort()

async function counts(folder: string) {
  const duck = await openDuck({ threads: 1 })
  try {
    await loadViews(duck, await takeIn(duck, folder))
    await loadCodes(duck, realContent().codes)
    await buildBlocks(duck, { start: '2024-01-01', end: '2024-12-03' })
    return (await runMeasures(duck, ['imaging-28', 'education', 'opioid-early']))
      .map((each) => JSON.stringify(each))
      .sort()
  } finally {
    duck.close()
  }
}

test('the measures of an export are those of the folder, and the server is told that it may forget it', async () => {
  server.odd = { polls: 2 }
  await bring()
  expect(linesOf(out)).toEqual(linesOf(made))
  expect(await counts(out)).toEqual(await counts(made))
  expect(heard('GET /$export')[0]?.query.get('_type')?.split(',')).toContain('Patient')
  expect(heard('DELETE /status/1')).toHaveLength(1)
  expect(said.at(-1)).toMatch(/^(\d+) of \1 files, \d+\.\d MB$/)
  expect(said).toContain('The server is at work: half done')
})

test('it waits as long as the server says, in seconds or until a moment', async () => {
  server.odd = { polls: 2, busy: 1 }
  await bring()
  expect(paused).toEqual([7000, 3000, 3000])
  server.odd = { busy: 1, retryAfter: new Date(Date.now() + 60_000).toUTCString() }
  paused = []
  rmSync(join(out, '.export.json'))
  await bring()
  expect(paused[0]).toBeGreaterThan(55_000)
  expect(paused[0]).toBeLessThanOrEqual(60_000)
})

test('the patients of a Group are exported where one is named', async () => {
  await bring({ group: 'back pain' })
  expect(heard('GET /Group/back%20pain/$export')).toHaveLength(1)
})

describe('what breaks off', () => {
  test('is begun anew, file by file, and nothing is there by half', async () => {
    server.odd = { breaks: 2 }
    await bring()
    expect(linesOf(out)).toEqual(linesOf(made))
    expect(readdirSync(out).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  test('goes on with the same command where it ended: nothing is asked for or brought twice', async () => {
    server.odd = { breaks: 100 }
    const [first = ''] = Object.keys(server.files)
    const whole = server.files[first]?.[0] ?? ''
    await expect(bring()).rejects.toThrow(/broke off/)
    server.odd = {}
    await bring()
    expect(heard('GET /$export')).toHaveLength(1)
    expect(linesOf(out)).toEqual(linesOf(made))
    const before = server.heard.length
    await bring()
    expect(server.heard.slice(before).map(({ what }) => what)).toEqual(['DELETE /status/1'])
    expect(whole.length).toBeGreaterThan(0)
  })

  test('and another server or other types do not go on in the same folder', async () => {
    await bring()
    delete server.files.Patient
    await expect(bring()).rejects.toThrow(/another server or of other types/)
    writeFileSync(join(out, '.export.json'), '{')
    await expect(bring()).rejects.toThrow(/cannot be read/)
  })
})

describe('a server is refused', () => {
  test.each([
    [
      'that does not export',
      { failure: { status: 404, words: 'Unknown operation' } },
      /did not begin an export: 404: Unknown operation/,
    ],
    [
      'that tells of it at another server',
      { statusAt: 'https://elsewhere.example/status' },
      /told of by another server/,
    ],
    [
      'that lists files in no way that can be read',
      { manifest: '{"output":[{"type":"../../etc","url":"x"}]}' },
      /in no way that can be read/,
    ],
    ['whose list is no JSON', { manifest: '<html>' }, /in no way that can be read/],
    ['that lists other lines than it sends', { miscounts: true }, /lines, and the server lists/],
    ['that is busy without end', { busy: 100 }, /429/],
  ])('%s', async (_, odd, message) => {
    server.odd = odd
    await expect(bring()).rejects.toThrow(message)
  })

  test('that cannot be reached', async () => {
    const { base, files } = server
    await server.close()
    const gone = { ...server, base }
    await expect(
      bulkExport({
        ...{ base: gone.base, out, types: Object.keys(files) },
        remote: openRemote({ now: Date.now }),
        sleep: async () => undefined,
        say: () => undefined,
      }),
    ).rejects.toThrow(/cannot be reached \(ECONNREFUSED\)/)
    server = await openBulkServer()
  })
})

describe('with SMART Backend Services', () => {
  async function signed() {
    const { privateKey, publicKey } = await generateKeyPair('ES384', { extractable: true })
    const named = { kid: 'one', alg: 'ES384', use: 'sig' }
    server.keys = { keys: [{ ...(await exportJWK(publicKey)), ...named }] }
    const ring = readKeyRing(
      JSON.stringify({ keys: [{ ...(await exportJWK(privateKey)), ...named, key_ops: ['sign'] }] }),
    )
    const access = backendAccess({ keys: { ring, url: () => undefined }, now: () => new Date() })
    const backend = {
      base: server.base,
      clientId: 'lumbar-bulk',
      reads: Object.keys(server.files),
      'endpoint-origins': [],
    }
    return async (stale?: string) => (await access(backend, stale)).access
  }

  test('each request brings the token, and a new one where that has ended', async () => {
    const token = await signed()
    server.odd = { tokenEnds: 5 }
    await bring({ token })
    expect(linesOf(out)).toEqual(linesOf(made))
    expect(heard('POST /token')).toHaveLength(2)
    expect(
      new Set(
        server.heard.filter(({ what }) => what.startsWith('GET /files')).map(({ token: held }) => held),
      ),
    ).toEqual(new Set(['token-1', 'token-2']))
  })

  test('the token is sent to no other server, though the list of files asks for it', async () => {
    const token = await signed()
    server.odd = { filesAt: 'http://127.0.0.1:1' }
    await expect(bring({ token })).rejects.toThrow(/It is not sent there/)
  })

  test('without a token the server says so', async () => {
    await signed()
    await expect(bring()).rejects.toThrow(/did not begin an export: 401/)
  })
})
