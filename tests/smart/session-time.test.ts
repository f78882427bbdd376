/** How long a launch lasts: its token, renewals by one process or two, and what ends it. */
import { describe, expect, test } from 'vitest'
import { ask } from '../../src/net/asker.ts'
import { memoryStores } from '../../src/store/store.ts'
import { type ClientType, type Hospital, hospital, refusalIn } from './support.ts'

describe('how long a launch lasts', () => {
  const types: ClientType[] = ['public', 'symmetric', 'asymmetric']

  test('R23: as long as its token, where it asked for no other', async () => {
    const { launch, browser, clock, log } = await hospital()
    const visitor = browser()
    const page = await launch({ patient: 'p1' }, visitor)
    expect(page.way.at(1)?.searchParams.get('scope')).not.toMatch(/online_access|offline_access/)
    clock.pass(3580)
    expect((await visitor.open(page.url.href)).status).toBe(200)
    clock.pass(20)
    expect((await visitor.open(page.url.href)).status).toBe(403)
    expect(refusalIn(log)).toBe('launch-ended unknown')
  })

  test('R19: five minutes where the server does not say', async () => {
    const { launch, browser, clock, fail } = await hospital()
    fail('no-expires-in')
    const visitor = browser()
    const page = await launch({ patient: 'p1' }, visitor)
    clock.pass(280)
    expect((await visitor.open(page.url.href)).status).toBe(200)
    clock.pass(20)
    expect((await visitor.open(page.url.href)).status).toBe(403)
  })

  test.each(types)('F7, R24: beyond its token where it may renew it, as a %s client', async (type) => {
    const { launch, browser, clock } = await hospital({ type, ehr: { 'online-access': true } })
    const visitor = browser()
    const page = await launch({ patient: 'p1' }, visitor)
    for (let hour = 0; hour < 3; hour += 1) {
      clock.pass(3600)
      expect((await visitor.open(page.url.href)).text).toContain('Ada Alpha')
    }
  })

  test('R24: each refresh token is sent once, also when many pages are opened at once', async () => {
    const sent: string[] = []
    const counting: typeof ask = (url, question) => {
      const token = new URLSearchParams(question?.body ?? '').get('refresh_token')
      if (token !== null) sent.push(token)
      return ask(url, question)
    }
    const { launch, browser, clock } = await hospital({
      ehr: { 'online-access': true },
      setup: { ask: counting },
    })
    const visitor = browser()
    const page = await launch({ patient: 'p1' }, visitor)
    for (let hour = 0; hour < 2; hour += 1) {
      clock.pass(3600)
      const pages = await Promise.all(Array.from({ length: 5 }, () => visitor.open(page.url.href)))
      expect(pages.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    }
    expect([sent.length, new Set(sent).size]).toEqual([2, 2])
  })

  test('R24: two processes that share their launches renew a token once', async () => {
    let stores: ReturnType<typeof memoryStores> | undefined
    const sent: string[] = []
    const counting: typeof ask = (url, question) => {
      const token = new URLSearchParams(question?.body ?? '').get('refresh_token')
      if (token !== null) sent.push(token)
      return ask(url, question)
    }
    const first: Hospital = await hospital({
      ehr: { 'online-access': true },
      setup: {
        ask: counting,
        get stores() {
          stores ??= memoryStores(() => first.clock.time)
          return stores
        },
      },
    })
    const second = await hospital({
      ehr: { 'online-access': true, iss: first.iss },
      setup: { ask: counting, stores: stores as NonNullable<typeof stores>, now: first.clock.now },
    })
    const visitor = first.browser()
    const page = await first.launch({ patient: 'p1' }, visitor)
    first.clock.pass(3600)
    const cookie = visitor.cookiesFor(page.url)
    const elsewhere = page.url.href.replace(first.base, second.base)
    const answers = await Promise.all([
      visitor.open(page.url.href),
      fetch(elsewhere, { headers: { cookie } }).then((answer) => answer.text()),
    ])
    expect([answers[0].text.includes('Ada Alpha'), answers[1].includes('Ada Alpha')]).toEqual([true, true])
    expect(sent).toHaveLength(1)
  })

  test('R24: it ends when the server renews no more', async () => {
    const { launch, browser, clock, fail, log } = await hospital({ ehr: { 'online-access': true } })
    const visitor = browser()
    const page = await launch({ patient: 'p1' }, visitor)
    clock.pass(3600)
    fail('refused-token')
    expect((await visitor.open(page.url.href)).status).toBe(403)
    expect(refusalIn(log)).toBe('launch-ended expired')
  })

  test('R24: it goes on when the EHR was away for a moment', async () => {
    const { launch, browser, clock, fail, simulator } = await hospital({ ehr: { 'online-access': true } })
    const visitor = browser()
    const page = await launch({ patient: 'p1' }, visitor)
    clock.pass(3600)
    fail('failing-discovery')
    expect((await visitor.open(page.url.href)).status).toBe(403)
    simulator.faults.clear()
    clock.pass(11)
    expect((await visitor.open(page.url.href)).text).toContain('Ada Alpha')
  })

  test('R24: a token that the FHIR server refuses is renewed once, and the read is repeated', async () => {
    let refusals = 1
    const authorizations = new Set<string | undefined>()
    const { launch, asked } = await hospital({
      ehr: { 'online-access': true },
      fhir: (request, reply) => {
        authorizations.add(request.headers.authorization)
        if (refusals-- > 0) return reply.code(401).send()
        return reply.type('application/fhir+json').send({ resourceType: 'Patient', id: 'p1' })
      },
    })
    expect((await launch()).status).toBe(200)
    expect([asked.length, authorizations.size]).toEqual([2, 2])
  })

  test('it is not in memory any more when there were too many after it', async () => {
    const stores = memoryStores(() => 0, { used: 100, launches: 2, kept: 2 })
    const { launch, browser } = await hospital({ setup: { stores } })
    const visitor = browser()
    const page = await launch({ patient: 'p1' }, visitor)
    await launch()
    await launch()
    expect((await visitor.open(page.url.href)).status).toBe(403)
  })
})
