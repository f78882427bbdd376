/** What identifies somebody never comes into the ledger: no name, id or word of a patient, and keys by HMAC. */
import { createHmac, hkdfSync, randomBytes, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hmacWith, ledgerKeys } from '../../src/ledger/keys.ts'
import { exported } from '../../src/ledger/reports.ts'
import { openSqlite } from '../../src/ledger/threaded.ts'
import { createMetrics } from '../../src/metrics.ts'
import { realContent } from '../support/evaluator.ts'
import { ledgerStores } from './stores.ts'
import { callOf, day, openDesk, told } from './support.ts'

const { folder } = ledgerStores()
test('No name, id or word of any invented patient stands in the files of the ledger, its log or its metrics', {
  timeout: 120_000,
}, async () => {
  const { inWords, inBytes } = await leaked('private')
  expect(inWords).toEqual([])
  // Two megabytes of what is sealed spell a short name by chance in one run of fifty, but not twice the same.
  const isByChance = (each: string) => each.length < leastCertain
  expect(inBytes.filter((each) => !isByChance(each))).toEqual([])
  const again = inBytes.length === 0 ? [] : (await leaked('private-again')).inBytes
  expect(inBytes.filter((each) => again.includes(each))).toEqual([])
})

/** Random base64 of two megabytes holds a given text of this length once in some hundred million runs. */
const leastCertain = 8

/**
 * Texts of the invented patients that are found where a ledger of all of them was kept: in what can be read (its columns but
 * for the sealed ones, its export, log and metrics), and in the bytes of its files.
 */
async function leaked(called: string): Promise<{ inWords: string[]; inBytes: string[] }> {
  const { listOrders, listPatients } = await import('../../fhir-fixtures/load.ts')
  const { root } = await import('../support/evaluator.ts')
  const { Secrets } = await import('../support/secrets.ts')
  const place = join(folder, called)
  const file = join(place, 'ledger.sqlite')
  const strata = {
    'age-bands': [18, 40, 65],
    sex: true,
    language: true,
    race: true,
    ethnicity: true,
    payers: {},
  }
  const metrics = createMetrics({ withProcess: false })
  const desk = openDesk({
    sql: openSqlite(file),
    settings: { metrics },
    site: { ledger: { ...realContent().site.ledger, strata } },
  })
  const secrets = new Secrets()
  const [name = ''] = listPatients(root)
  for (const patient of listPatients(root)) {
    for (const order of patient === name ? listOrders(root) : ['lumbar-mri', 'oxycodone']) {
      const token = { accessToken: 'zebulon.secret.token' }
      const call = callOf('order-sign', patient, [order], {
        fhirServer: 'https://zebulon.example/r4',
        fhirAuthorization: token,
      })
      secrets.add({ ...call, access_token: token.accessToken })
      const { cards } = await desk.evaluator.evaluate(call)
      await desk.ledger.flush()
      const comment = 'Zebulon Quux said so'
      secrets.add({ line: comment })
      // What the card rests on, for the page that says why: the whole call is more than it keeps.
      await desk.ledger.bases.put(randomUUID(), JSON.stringify(call), desk.clock.time + day)
      if (cards[0]) await desk.ledger.hear('lumbar-order-sign', undefined, [told(cards[0].uuid, { comment })])
    }
  }
  expect(secrets.size).toBeGreaterThan(300)
  const rows = await desk.rows('select count(*) as rows from lumbar_ledger_evaluation')
  expect(Number(rows[0]?.rows)).toBeGreaterThan(20)
  const files = readdirSync(place)
  expect(files).toContain('ledger.sqlite-wal')
  const exportOf = await Array.fromAsync(exported(desk.sql, { from: 0, to: Number.MAX_SAFE_INTEGER }))
  const counted = await metrics.text()
  expect(counted).toContain('lumbar_ledger_written_total')
  const logged = JSON.stringify(desk.log)
  const bytes = files.map((each) => readFileSync(join(place, each), 'latin1')).join('\n')
  const tables = await desk.rows("select name from sqlite_master where type = 'table'")
  const columns = await Promise.all(tables.map(({ name }) => desk.rows(`select * from "${name}"`)))
  const open = columns.flat().map(({ sealed, ...row }) => row)
  expect(open.length).toBeGreaterThan(40)
  const inWords = [open, exportOf, counted, logged].flatMap((each) => identifying(JSON.stringify(each)))
  const inBytes = identifying(bytes)
  await desk.close()
  return { inWords, inBytes }

  /** Names, ids, dates and words of patients; not the words of our own that stand in calls too, nor chance in hashes. */
  function identifying(text: string): string[] {
    return secrets
      .textsIn(text)
      .filter((secret) => secret.length >= 5 && !ours.has(secret) && !/^[\d.]+$/.test(secret))
  }
}

/** Words that the ledger has of its own: hooks, states, sexes, languages and tables that everybody knows. */
const ours = new Set([
  'order-sign',
  'female',
  'male',
  'other',
  'unknown',
  'patient',
  'encounter',
  'order',
  'active',
  'emergency',
  'imaging',
  'system',
])

test('Keys are HMAC-SHA-256 as the standard has it, of the short after the long too', () => {
  const key = randomBytes(32)
  const hmac = hmacWith(key)
  const { keyOf } = ledgerKeys(key)
  const derived = Buffer.from(hkdfSync('sha256', key, '', 'lumbar ledger keys', 32))
  for (const text of [
    'a',
    'é'.repeat(200),
    'x'.repeat(1365),
    '',
    '漢'.repeat(1365),
    '漢'.repeat(1366),
    '🙂a',
    'b\ud800',
  ]) {
    expect(hmac(text)).toBe(createHmac('sha256', key).update(text).digest('base64url'))
    const whole = createHmac('sha256', derived)
      .update(JSON.stringify(['patient', text]))
      .digest()
    expect(keyOf('patient', text)).toBe(whole.subarray(0, 16).toString('base64url'))
  }
})
