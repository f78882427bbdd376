/** Row G-08 and its kin: what was decided is not asked again, what has changed is, and an emergency always speaks. */
import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import type { HookCall } from '../../src/hooks/call.ts'
import { LedgerFailure } from '../../src/ledger/failure.ts'
import { openSqlite } from '../../src/ledger/threaded.ts'
import { type Bent, callOf, type Desk, day, hour, openDesk, shown, told } from './support.ts'

const desks: Desk[] = []
const desk = (bent: Bent = {}) => {
  const opened = openDesk(bent)
  desks.push(opened)
  return opened
}
afterAll(() => Promise.all(desks.map(({ close }) => close())))

const select = (patient = 'acute-week-two', order = 'lumbar-mri', more: object = {}) =>
  callOf('order-select', patient, [order], more)
const sign = (patient = 'acute-week-two', order = 'lumbar-mri', more: object = {}) =>
  callOf('order-sign', patient, [order], more)

async function overridden(at: Desk, call: HookCall): Promise<string> {
  const { cards } = await at.evaluator.evaluate(call)
  const [card] = cards
  if (!card) throw new Error('no card')
  await at.ledger.flush()
  await at.ledger.hear('lumbar-order-select', undefined, [told(card.uuid, { at: at.clock.time })])
  return card.uuid
}
const held = async (at: Desk) =>
  (await at.rows('select rule, shown, why from lumbar_ledger_card where why is not null order by at')).map(
    ({ rule, shown, why }) => `${rule} ${shown === 1 ? 'shown' : 'held back'}: ${why}`,
  )

describe('A card that was overridden', () => {
  test('G-08: at select does not return at signing, and the ledger says why', async () => {
    const at = desk()
    await overridden(at, select())
    at.clock.pass(60_000)
    expect(await shown(at, sign())).toEqual([])
    expect(await held(at)).toEqual(['IM01 held back: overridden-order'])
  })

  test('G-08: returns when what it found has changed', async () => {
    const at = desk()
    const call = select('sedative-and-back-pain', 'oxycodone')
    const [before] = await shown(at, call)
    await at.ledger.flush()
    const rows = await at.rows('select uuid from lumbar_ledger_card where shown = 1')
    await at.ledger.hear(
      'lumbar-order-select',
      undefined,
      rows.map(({ uuid }) => told(String(uuid), { at: at.clock.time })),
    )
    expect(before).toBe('OP08 warning')
    expect(await shown(at, sign('sedative-and-back-pain', 'oxycodone'))).toEqual([])
    // The sedative is another one now.
    const other = JSON.stringify(call.prefetch)
      .replaceAll('197901', '197591')
      .replaceAll('Lorazepam 1 MG Oral Tablet', 'Diazepam 5 MG Oral Tablet')
    expect(other).not.toBe(JSON.stringify(call.prefetch))
    const changed = sign('sedative-and-back-pain', 'oxycodone', { prefetch: JSON.parse(other) })
    expect(await shown(at, changed)).toEqual(['OP08 warning'])
  })

  test('G-08: of another order of the same patient is held back for the days of the site, and not longer', async () => {
    const at = desk()
    await overridden(at, select('acute-week-two', 'lumbar-mri'))
    at.clock.pass(hour)
    expect(await shown(at, select('acute-week-two', 'lumbar-ct'))).toEqual([])
    expect(await held(at)).toEqual(['IM01 held back: overridden-lately'])
    const later = desk({ site: { 'alert-burden': { 'overridden-days': 1, 'cards-per-clinician-day': 0 } } })
    await overridden(later, select())
    later.clock.pass(day + 1)
    expect(await shown(later, sign())).toEqual(['IM01 warning'])
  })

  test('is asked again of another patient, at another server, and by another rule', async () => {
    const at = desk()
    await overridden(at, select())
    expect(await shown(at, sign('subacute-no-care'))).not.toEqual([])
    expect(await shown(at, sign('acute-week-two', 'oxycodone'))).not.toEqual([])
    expect(
      await shown(at, sign('acute-week-two', 'lumbar-mri', { fhirServer: 'https://b.example' })),
    ).toEqual(['IM01 warning'])
  })

  test('and then accepted after all is not overridden', async () => {
    const at = desk()
    const card = await overridden(at, select())
    at.clock.pass(1000)
    await at.ledger.hear('lumbar-order-select', undefined, [
      told(card, { outcome: 'accepted', at: at.clock.time }),
    ])
    expect(await shown(at, sign())).toEqual(['IM01 warning'])
  })

  test('by somebody to whom it was not shown is not overridden', async () => {
    const at = desk()
    const { cards } = await at.evaluator.evaluate(select())
    await at.ledger.flush()
    const stranger = { issuer: 'https://stranger.example', fhirServers: [] }
    await at.ledger.hear('lumbar-order-select', stranger, [told(cards[0]?.uuid ?? '', { at: at.clock.time })])
    at.clock.pass(2 * day)
    expect(await shown(at, sign())).toEqual(['IM01 warning'])
  })

  test('of an emergency comes back, shorter, and says when it was shown', async () => {
    const at = desk()
    const first = await at.evaluator.evaluate(select('cauda-equina', 'lumbar-xray'))
    await at.ledger.flush()
    const critical = first.cards.filter(({ indicator }) => indicator === 'critical')
    expect(critical.length).toBeGreaterThan(0)
    await at.ledger.hear(
      'lumbar-order-select',
      undefined,
      first.cards.map(({ uuid }) => told(uuid, { at: at.clock.time })),
    )
    at.clock.pass(60_000)
    const again = await at.evaluator.evaluate(sign('cauda-equina', 'lumbar-xray'))
    const [before, after] = [critical[0]?.detail ?? '', again.cards[0]?.detail ?? '']
    expect(again.cards[0]?.indicator).toBe('critical')
    expect(after).toContain('Shown at 18:32')
    expect(after.split(/\s+/).length).toBeLessThan(before.split(/\s+/).length)
    await at.ledger.flush()
    expect((await held(at)).at(-1)).toMatch(/shown: shown-again$/)
  })
})

describe('A card that was shown', () => {
  test('at select is information at signing, where the EHR sends no feedback', async () => {
    const at = desk()
    expect(await shown(at, select())).toEqual(['IM01 warning'])
    expect(await shown(at, sign())).toEqual(['IM01 info'])
    expect(await held(at)).toEqual(['IM01 shown: shown-at-select'])
  })

  test('at select and not answered is a warning at signing, where the EHR sends feedback', async () => {
    const at = desk()
    await overridden(at, select('subacute-no-care'))
    expect(await shown(at, select())).toEqual(['IM01 warning'])
    expect(await shown(at, sign())).toEqual(['IM01 warning'])
  })

  test('is information when one order is selected over and over, and as before to the call that asks again', async () => {
    const at = desk()
    const hookInstance = randomUUID()
    expect(await shown(at, select('acute-week-two', 'lumbar-mri', { hookInstance }))).toEqual([
      'IM01 warning',
    ])
    expect(await shown(at, select())).toEqual(['IM01 info'])
    expect(await held(at)).toEqual(['IM01 shown: repeated'])
    const retry = desk()
    await shown(retry, select('acute-week-two', 'lumbar-mri', { hookInstance }))
    expect(await shown(retry, select('acute-week-two', 'lumbar-mri', { hookInstance }))).toEqual([
      'IM01 warning',
    ])
  })

  test('is a warning again a day later, and for another order', async () => {
    const at = desk()
    await shown(at, select())
    expect(await shown(at, select('acute-week-two', 'lumbar-ct'))).toEqual(['IM01 warning'])
    at.clock.pass(day + 1)
    expect(await shown(at, sign())).toEqual(['IM01 warning'])
  })
})

describe('The cap of the site', () => {
  const capped: Bent = { site: { 'alert-burden': { 'overridden-days': 28, 'cards-per-clinician-day': 1 } } }

  test('holds back what comes after it on one day, by clinician, and never an emergency', async () => {
    const at = desk(capped)
    expect(await shown(at, sign())).toEqual(['IM01 warning'])
    await at.ledger.flush()
    expect(await shown(at, sign('acute-sciatica'))).toEqual([])
    expect(await held(at)).toEqual([expect.stringMatching(/held back: cap$/)])
    const colleague = { userId: 'Practitioner/other' }
    expect(await shown(at, sign('acute-sciatica', 'lumbar-mri', colleague))).toHaveLength(1)
    const emergency = await shown(at, sign('cauda-equina', 'lumbar-xray'))
    expect(emergency[0]).toMatch(/critical$/)
    at.clock.pass(day)
    expect(await shown(at, sign('acute-sciatica'))).toHaveLength(1)
  })
})

test('Unknown never holds back: without its history every card is shown, and it is counted', async () => {
  let missing = 0
  const working = openSqlite(':memory:')
  const at = desk({
    sql: { ...working, batch: () => Promise.reject(new LedgerFailure('away', 'SQLITE_13', 'full')) },
    settings: {
      metrics: {
        onHistoryMissing: () => missing++,
        onHeld: () => undefined,
        onUnread: () => undefined,
        onWritten: () => undefined,
        onLost: () => undefined,
      },
    },
  })
  expect(await shown(at, sign())).toEqual(['IM01 warning'])
  expect(missing).toBe(1)
})

test('A store that does not answer keeps no call waiting', async () => {
  const working = openSqlite(':memory:')
  const at = desk({
    sql: { ...working, batch: () => new Promise(() => undefined) },
    settings: { patience: 30 },
  })
  const begun = performance.now()
  expect(await shown(at, sign())).toEqual(['IM01 warning'])
  expect(performance.now() - begun).toBeLessThan(5000)
  desks.splice(desks.indexOf(at), 1)
})

test('What a card rests on cannot be shown while the store is away, and whoever asks hears that', async () => {
  const working = openSqlite(':memory:')
  const away = () => Promise.reject(new LedgerFailure('away', 'SQLITE_13', 'full'))
  const at = desk({ sql: { ...working, batch: away, write: away } })
  await at.ledger.bases.put('a', 'text', at.clock.time + day)
  await expect(at.ledger.bases.get('a')).rejects.toMatchObject({ code: 'store-unavailable' })
})
