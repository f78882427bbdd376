/** The stores: the same in SQLite and PostgreSQL, brought forward, only added to, emptied in time, and without a name. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ledgerKeys } from '../../src/ledger/keys.ts'
import { outcomesByCalls } from '../../src/ledger/outcomes.ts'
import { exported, findEvaluations, rehearse, verifyLedger } from '../../src/ledger/reports.ts'
import { clean, forgetPatient } from '../../src/ledger/retention.ts'
import { migrations } from '../../src/ledger/schema.ts'
import { sqlite } from '../../src/ledger/sql.ts'
import { openSqlite } from '../../src/ledger/threaded.ts'
import { databaseUrl } from '../smart/database.ts'
import { realContent } from '../support/evaluator.ts'
import { hasCluster, openCluster } from './cluster.ts'
import { killUnderLoad, restartUnderLoad } from './kill.ts'
import { ledgerStores } from './stores.ts'
import { callOf, type Desk, day, hour, openDesk, shown, told } from './support.ts'

const { folder, stores } = ledgerStores()
describe.each(stores)('The ledger in %s', (name, isThere, open) => {
  let desk: Desk
  beforeAll(() => {
    if (isThere) desk = openDesk({ sql: open() })
  })
  afterAll(async () => desk?.close())

  test.skipIf(!isThere)('is written, joined, found, exported and verified alike', async () => {
    const { cards } = await desk.evaluator.evaluate(callOf('order-select', 'acute-week-two', ['lumbar-mri']))
    await desk.ledger.flush()
    const [card] = cards
    const [suggestion] = card?.suggestions ?? []
    const comment = 'A word of Zebulon'
    const heard = await desk.ledger.hear('lumbar-order-select', undefined, [
      told(card?.uuid ?? '', { outcome: 'accepted', suggestions: [suggestion?.uuid ?? ''] }),
      told(card?.uuid ?? '', { comment, reason: { system: null, code: 'other' } }),
    ])
    expect(heard.map(({ state }) => state)).toEqual(['joined', 'joined'])
    const [found] = await findEvaluations(desk.sql, card?.uuid ?? '', desk.keys)
    // By the digest of the log, of discovery and of /healthz.
    const { digest } = realContent()
    expect(found).toMatchObject({ hook: 'order-select', mode: 'live', pathway: '0.1.0', digest })
    expect(found?.cards).toMatchObject([
      {
        rule: 'IM01',
        isShown: true,
        feedback: [
          { outcome: 'accepted', suggestions: [expect.stringMatching(/^[a-z-]+$/)] },
          { outcome: 'overridden', reason: 'other', comment },
        ],
      },
    ])
    expect(found?.verdicts[0]?.holds).toContain('IM01')
    const all = await Array.fromAsync(exported(desk.sql, { from: 0, to: Number.MAX_SAFE_INTEGER }))
    expect(all.map(({ id }) => id)).toContain(found?.id)
    expect(JSON.stringify(all)).not.toContain(comment)
    expect((await verifyLedger(desk.sql, desk.keys)).problems).toEqual([])
    const otherKey = await verifyLedger(desk.sql, ledgerKeys(randomBytes(32)))
    expect(otherKey.problems).toEqual(['1 of the latest 1 comments do not open with this key'])
  })

  test.skipIf(!isThere)('is only added to: a row that was written stays as it is', async () => {
    const change = desk.sql.batch([{ sql: "update lumbar_ledger_card set shown = 0 where rule = 'IM01'" }])
    await expect(change).rejects.toThrow('rows of the ledger stay as they are')
  })

  test.skipIf(!isThere)('refuses one row, and keeps those beside it', async () => {
    const before = await desk.rows('select id from lumbar_ledger_evaluation')
    const odd = { issuer: 'x', tenant: 'a\u0000b\ud800', fhirServers: [] }
    await shown(desk, callOf('order-sign', 'acute-sciatica', ['lumbar-mri']), odd)
    expect(await desk.rows('select id from lumbar_ledger_evaluation')).toHaveLength(before.length + 1)
  })

  test.skipIf(!isThere)(
    'keeps what a card rests on, sealed and until its time, and forgets it with its patient',
    async () => {
      const [known] = await desk.rows('select id, patient from lumbar_ledger_evaluation')
      const evaluation = String(known?.id)
      const until = desk.clock.time + day
      await desk.ledger.bases.put(evaluation, 'Zebulon has a fever', until)
      await desk.ledger.bases.put('of-another', 'somebody else', until)
      expect(await desk.ledger.bases.get(evaluation)).toBe('Zebulon has a fever')
      expect(JSON.stringify(await desk.rows('select * from lumbar_ledger_sealed'))).not.toMatch(
        /Zebulon|fever/,
      )
      desk.clock.pass(day)
      expect(await desk.ledger.bases.get(evaluation)).toBeUndefined()
      desk.clock.pass(-day)
      const others = openDesk({ sql: open(), settings: { keys: ledgerKeys(randomBytes(32)) } })
      expect(await others.ledger.bases.get(evaluation)).toBeUndefined()
      await others.close()
      await forgetPatient(desk.sql, String(known?.patient))
      expect(await desk.ledger.bases.get(evaluation)).toBeUndefined()
      expect(await desk.ledger.bases.get('of-another')).toBe('somebody else')
      await clean(desk.sql, realContent().site.ledger, until + 1)
      expect(await desk.rows('select * from lumbar_ledger_sealed')).toEqual([])
    },
  )

  test.skipIf(!isThere)('forgets a patient wholly, and nobody else', async () => {
    await desk.evaluator.evaluate(callOf('order-select', 'acute-week-two', ['lumbar-mri']))
    const again = await desk.evaluator.evaluate(callOf('order-sign', 'acute-week-two', ['lumbar-ct']))
    await desk.ledger.flush()
    await desk.ledger.hear('lumbar-order-sign', undefined, [
      told(again.cards[0]?.uuid ?? '', { comment: 'A word of Zebulon' }),
      told(again.cards[0]?.uuid ?? '', { outcome: 'accepted' }),
    ])
    const patientId = 'example-acute-week-two'
    const call = callOf('order-sign', 'acute-week-two', ['lumbar-mri'])
    const key = desk.keys.keyOf('patient', '', call.patientId)
    expect(patientId).not.toBe('')
    const gone = await forgetPatient(desk.sql, key)
    expect(gone.evaluation).toBeGreaterThan(0)
    expect([gone.card, gone.feedback, gone.comment]).toEqual([gone.card, 2, 1])
    expect(await desk.rows(`select id from lumbar_ledger_evaluation where patient = '${key}'`)).toEqual([])
    expect(await desk.rows('select id from lumbar_ledger_evaluation')).not.toEqual([])
  })

  test.skipIf(!isThere)('empties itself when the time of a kind is over, free text first', async () => {
    const { cards } = await desk.evaluator.evaluate(callOf('order-sign', 'acute-week-two', ['lumbar-mri']))
    await desk.ledger.flush()
    await desk.ledger.hear('lumbar-order-sign', undefined, [told(cards[0]?.uuid ?? '', { comment: 'later' })])
    const kept = { ...realContent().site.ledger, 'comment-days': 1, 'feedback-days': 2, 'evaluation-days': 3 }
    const counts = async () =>
      Promise.all(
        ['comment', 'feedback', 'evaluation', 'card', 'ordered'].map(
          async (table) => (await desk.rows(`select * from lumbar_ledger_${table}`)).length,
        ),
      )
    await clean(desk.sql, kept, desk.clock.time + day + 1)
    expect((await counts()).slice(0, 2)).toEqual([0, 1])
    await clean(desk.sql, kept, desk.clock.time + 2 * day + 1)
    expect((await counts()).slice(0, 2)).toEqual([0, 0])
    await clean(desk.sql, kept, desk.clock.time + 3 * day + 1)
    expect(await counts()).toEqual([0, 0, 0, 0, 0])
  })

  test.skipIf(!isThere)('tells what a trial run would have shown', async () => {
    const trial = openDesk({
      sql: open(),
      site: { rules: { silent: ['IM01'], 'speaks-from': {}, off: [] } },
    })
    expect(await shown(trial, callOf('order-select', 'acute-week-two', ['lumbar-mri']))).toEqual([])
    expect(await shown(trial, callOf('order-sign', 'acute-week-two', ['lumbar-mri']))).toEqual([])
    await shown(trial, callOf('order-sign', 'no-back-pain', ['lumbar-mri']))
    await trial.ledger.flush()
    expect(await rehearse(trial.sql)).toMatchObject({
      orders: 2,
      clinicians: 1,
      rules: [{ rule: 'IM01', indicator: 'warning', cards: 1 }],
      byClinician: [1],
    })
    await trial.close()
  })

  test.skipIf(!isThere)('tells what became of orders that were selected', async () => {
    const caller = { issuer: `https://${name}.example`, fhirServers: [] }
    const silentOne = { issuer: 'https://never-signs.example', fhirServers: [] }
    const follow = openDesk({ sql: open() })
    const from = Date.parse('2026-11-24T18:00:00Z')
    follow.clock.time = from
    const select = async (patient: string, order: string, as = caller) =>
      shown(follow, callOf('order-select', patient, [order], { fhirServer: undefined }), as)
    const sign = (patient: string, order: string) =>
      shown(follow, callOf('order-sign', patient, [order], { fhirServer: undefined }), caller)
    await select('acute-week-two', 'lumbar-mri')
    await select('acute-week-two', 'lumbar-mri')
    await select('acute-sciatica', 'lumbar-mri')
    await select('subacute-no-care', 'lumbar-mri')
    await select('acute-week-two', 'lumbar-mri', silentOne)
    await select('no-back-pain', 'lumbar-mri')
    follow.clock.pass(hour)
    await sign('acute-week-two', 'lumbar-mri')
    await sign('acute-sciatica', 'lumbar-xray')
    follow.clock.pass(day)
    // Too late to be the same order.
    await sign('subacute-no-care', 'lumbar-mri')
    await follow.ledger.flush()
    const found = await outcomesByCalls(follow.sql, { from, to: from + day })
    const sum = (what: 'drafted' | 'signed' | 'replaced' | 'gone' | 'unknown') =>
      found.reduce((all, each) => all + each[what], 0)
    expect(found.find(({ rule }) => rule === 'IM01')).toMatchObject({ signed: 1, unknown: 1 })
    expect(found.find(({ rule }) => rule === undefined)).toMatchObject({ drafted: 1, gone: 1 })
    expect([sum('drafted'), sum('signed'), sum('replaced'), sum('gone'), sum('unknown')]).toEqual([
      5, 1, 1, 2, 1,
    ])
    await follow.close()
  })

  test.skipIf(!isThere)(
    'killed under load, it has all feedback that was answered',
    { timeout: 120_000 },
    async () => {
      const killed = await killUnderLoad({
        rounds: 1,
        ...(name === 'PostgreSQL' ? { databaseUrl: databaseUrl(), instances: 2 } : {}),
      })
      expect(killed.acknowledged).toBeGreaterThan(3)
      expect(killed.lost).toBe(0)
    },
  )
})

describe('A database that two instances share', () => {
  test.skipIf(!hasCluster).each(['fast', 'immediate'] as const)(
    'has all feedback that was answered, when it is stopped (%s) under load and comes back',
    { timeout: 240_000 },
    async (how) => {
      const cluster = await openCluster()
      try {
        const found = await restartUnderLoad({ cluster, how })
        expect(found.acknowledged).toBeGreaterThan(40)
        expect([found.lost, found.failed]).toEqual([0, []])
        // It was away, and somebody was told so.
        expect(found.refused).toBeGreaterThan(0)
      } finally {
        await cluster.remove()
      }
    },
  )
})

describe('Migrations', () => {
  test.each(migrations.map((_, at) => at))('bring a file of version %i forward', async (version) => {
    const file = join(folder, `from-${version}.sqlite`)
    const old = new DatabaseSync(file)
    for (const migration of migrations.slice(0, version)) old.exec(migration(sqlite))
    old.exec(`pragma user_version = ${version}`)
    old.close()
    const sql = openSqlite(file)
    await sql.batch([{ sql: 'select * from lumbar_ledger_comment' }])
    await sql.close()
    const now = new DatabaseSync(file)
    expect(now.prepare('pragma user_version').get()).toEqual({ user_version: migrations.length })
    now.close()
  })

  test('refuse a file of a newer service, and leave it as it is', async () => {
    const file = join(folder, 'newer.sqlite')
    const newer = new DatabaseSync(file)
    newer.exec('pragma user_version = 99')
    newer.close()
    const sql = openSqlite(file)
    await expect(sql.batch([{ sql: 'select 1 as one' }])).rejects.toThrow('newer Lumbar')
    await sql.close()
  })
})
