/** Whose answers a call hears: those about its own patient on its own server, in time, or none. */
import { describe, expect, test } from 'vitest'
import {
  type About,
  AnswersLate,
  answerBook,
  answersAbout,
  handedOut,
  type KeptBriefly,
} from '../../src/checklist/book.ts'
import type { HookCall } from '../../src/hooks/call.ts'
import { memoryStores } from '../../src/store/store.ts'
import { content } from '../support/evaluated.ts'

const [north, south] = ['https://north.example.org/fhir', 'https://south.example.org/fhir']
const about: About = { fhirServer: north, patientId: 'p1', encounterId: 'e1' }
const call = (more: Partial<HookCall> = {}): HookCall => ({
  hook: 'order-sign',
  hookInstance: 'call-1',
  patientId: 'p1',
  encounterId: 'e1',
  draftOrders: [],
  prefetch: {},
  ...more,
})

async function lookup(place: KeptBriefly = memoryStores(Date.now).kept) {
  const kept = { book: answerBook(place, 24, Date.now), handedOut: handedOut(place, 180, Date.now) }
  await kept.book.keep(about, { replies: { fever: 'yes' }, at: '2026-11-22T10:32:00.000Z' })
  return answersAbout({
    content,
    ...kept,
    tellTime: () => '10:32',
    now: () => new Date('2026-11-22T11:00:00Z'),
    patience: 200,
  })
}

const fever = { value: true, at: '10:32' }

describe('A call', () => {
  test.each([
    ['naming the server', { fhirServer: north }, [north, south]],
    ['naming it with a slash at its end', { fhirServer: `${north}/` }, [north, south]],
    ['naming none, of a caller with one server', {}, [north]],
  ])('%s hears what was answered about its patient', async (_, more, fhirServers) => {
    const find = await lookup()
    expect((await find(call(more), { fhirServers }))?.get('fever')).toEqual(fever)
  })

  test.each([
    ['naming none, of a caller with several servers', {}, [north, south]],
    ['naming another server', { fhirServer: south }, [north, south]],
    ['FA-7: naming a server that is not its caller’s', { fhirServer: north }, [south]],
    ['about another patient', { fhirServer: north, patientId: 'p2' }, [north]],
    ['about another visit', { fhirServer: north, encounterId: 'e2' }, [north]],
    ['without a visit', { fhirServer: north, encounterId: undefined }, [north]],
  ])('%s hears nothing', async (_, more, fhirServers) => {
    const find = await lookup()
    expect((await find(call(more), { fhirServers }))?.get('fever')).toBeUndefined()
  })

  test('does not wait longer than its patience for what keeps the answers', async () => {
    const { kept } = memoryStores(Date.now)
    const find = await lookup({ put: kept.put, get: () => new Promise(() => undefined) })
    await expect(find(call({ fhirServer: north }), undefined)).rejects.toThrow(AnswersLate)
  })
})

test('answers are gone when the hours of the site are over', async () => {
  let now = 0
  const book = answerBook(memoryStores(() => now).kept, 24, () => now)
  await book.keep(about, { replies: { fever: 'no' }, at: '2026-11-22T10:32:00.000Z' })
  now = 24 * 3_600_000 - 1
  expect((await book.find(about))?.replies).toEqual({ fever: 'no' })
  now += 1
  expect(await book.find(about)).toBeUndefined()
})
