/** A launch after it has begun: whose it is, and that no other can be mistaken for it. */
import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Launch } from '../../src/smart/launch.ts'
import { memoryStores } from '../../src/store/store.ts'
import { Browser } from './browser.ts'
import { type Hospital, hospital, refusalIn } from './support.ts'

/** What comes back from the EHR in a sign-in that is not finished yet. */
async function beginning(
  { base, iss, simulator }: Hospital,
  browser: Browser,
  patient = 'p1',
): Promise<string> {
  const query = new URLSearchParams({ iss, launch: simulator.newLaunch({ patient }) })
  const begun = await browser.step(`${base}/smart/launch?${query}`)
  const allowed = await browser.step(begun.headers.get('location') ?? '')
  return allowed.headers.get('location') ?? ''
}

describe('R11: what comes back from the EHR', () => {
  test('is taken in the browser that began, and once', async () => {
    const opened = await hospital()
    const browser = new Browser()
    const callback = await beginning(opened, browser)
    const again = new Browser()
    again.headers.cookie = browser.cookiesFor(new URL(callback))
    expect((await browser.open(callback)).status).toBe(200)
    expect([(await browser.open(callback)).status, refusalIn(opened.log)]).toEqual([
      400,
      'unknown-state no-cookie',
    ])
    // The cookie that the first time took away.
    expect([(await again.open(callback)).status, refusalIn(opened.log)]).toEqual([400, 'unknown-state used'])
  })

  test('is refused in another browser, which cannot use it up either', async () => {
    const opened = await hospital()
    const browser = new Browser()
    const callback = await beginning(opened, browser)
    const stranger = new Browser()
    expect((await stranger.open(callback)).status).toBe(400)
    expect(refusalIn(opened.log)).toBe('unknown-state no-cookie')
    // A stranger with a sign-in of its own, under the same name of a cookie.
    const state = new URL(callback).searchParams.get('state') ?? ''
    stranger.headers.cookie = `__Host-lumbar-${state.slice(0, 8)}=${'x'.repeat(43)}`
    expect((await stranger.open(callback)).status).toBe(400)
    expect(refusalIn(opened.log)).toBe('unknown-state other-browser')
    expect((await browser.open(callback)).status).toBe(200)
  })

  test('F4: is taken whatever others begin meanwhile, because nothing is kept of what was only begun', async () => {
    const stores = memoryStores(() => 0, { used: 2, launches: 100, kept: 100 })
    const opened = await hospital({ setup: { stores } })
    const browser = new Browser()
    const callback = await beginning(opened, browser)
    for (let others = 0; others < 50; others += 1) {
      const query = new URLSearchParams({ iss: opened.iss, launch: `${others}` })
      expect((await new Browser().step(`${opened.base}/smart/launch?${query}`)).status).toBe(302)
    }
    expect((await browser.open(callback)).status).toBe(200)
  })

  test('is refused when it was made by another service, or changed on its way', async () => {
    const opened = await hospital()
    const other = await hospital()
    const browser = new Browser()
    const callback = await beginning(opened, browser)
    const elsewhere = callback.replace(opened.base, other.base)
    expect([(await browser.open(elsewhere)).status, refusalIn(other.log)]).toEqual([
      400,
      'unknown-state unknown',
    ])
    const state = new URL(callback).searchParams.get('state') ?? ''
    for (const at of [0, 40, 50, 56, 72]) {
      const changed = state.slice(0, at) + (state[at] === 'A' ? 'B' : 'A') + state.slice(at + 1)
      expect((await browser.open(callback.replace(state, changed))).status).toBe(400)
      expect(refusalIn(opened.log)).toBe('unknown-state unknown')
    }
  })

  test('mix-up: is refused at the address of another EHR, and taken at that of its own', async () => {
    const opened = await hospital({ ehr: { callback: 'first' } })
    const browser = new Browser()
    const callback = await beginning(opened, browser)
    expect(new URL(callback).pathname).toBe('/smart/callback/first')
    for (const place of ['/smart/callback/second', '/smart/callback']) {
      expect((await browser.open(callback.replace('/smart/callback/first', place))).status).toBe(400)
      expect(refusalIn(opened.log)).toBe('unknown-state other-ehr')
    }
    expect((await browser.open(callback)).status).toBe(200)
  })

  test('is refused after ten minutes', async () => {
    const opened = await hospital()
    const browser = new Browser()
    const callback = await beginning(opened, browser)
    opened.clock.pass(601)
    expect((await browser.open(callback)).status).toBe(400)
  })

  test.each(['', '?state=', '?code=x', '?state=a&state=b&code=x', '?state=__proto__&code=x'])(
    'is refused without a state of ours: %j',
    async (query) => {
      const { base, log, browser } = await hospital()
      expect((await browser().open(`${base}/smart/callback${query}`)).status).toBe(400)
      expect(refusalIn(log)).toMatch(/^unknown-state/)
    },
  )
})

describe('F9: two launches in one browser', () => {
  test('never show the patient of one another, also when reloaded', async () => {
    const opened = await hospital()
    const browser = opened.browser()
    const first = await opened.launch({ patient: 'p1' }, browser)
    const second = await opened.launch({ patient: 'p2' }, browser)
    expect([first.text.includes('Ada Alpha'), second.text.includes('Ben Beta')]).toEqual([true, true])
    for (let round = 0; round < 2; round += 1) {
      const again = await browser.open(first.url.href)
      expect([again.text.includes('Ada Alpha'), again.text.includes('Ben Beta')]).toEqual([true, false])
      expect((await browser.open(second.url.href)).text).toContain('Ben Beta')
    }
  })

  test('may be finished in any order', async () => {
    const opened = await hospital()
    const browser = opened.browser()
    const [one, two] = [await beginning(opened, browser, 'p1'), await beginning(opened, browser, 'p2')]
    expect((await browser.open(two)).text).toContain('Ben Beta')
    expect((await browser.open(one)).text).toContain('Ada Alpha')
  })

  test('do not send the cookie of one to the pages of the other', async () => {
    const opened = await hospital()
    const browser = opened.browser()
    const first = await opened.launch({ patient: 'p1' }, browser)
    const second = await opened.launch({ patient: 'p2' }, browser)
    const [one, two] = [browser.cookiesFor(first.url), browser.cookiesFor(second.url)]
    expect(one).toMatch(/^__Secure-lumbar-launch=[\w-]{43}$/)
    expect(two).not.toBe(one)
    const stranger = new Browser()
    stranger.headers.cookie = one
    expect((await stranger.open(second.url.href)).status).toBe(403)
    expect(refusalIn(opened.log)).toBe('launch-ended no-cookie')
  })

  test('leave no cookie of the sign-in behind', async () => {
    const { launch, browser } = await hospital()
    const visitor = browser()
    await launch({ patient: 'p1' }, visitor)
    expect(visitor.cookies.map(({ name }) => name)).toEqual(['__Secure-lumbar-launch'])
  })
})

describe('a page of a launch', () => {
  test('is for the browser of the launch alone', async () => {
    const { launch, log } = await hospital()
    const page = await launch()
    expect((await new Browser().open(page.url.href)).status).toBe(403)
    expect(refusalIn(log)).toBe('launch-ended no-cookie')
  })

  test.each(['nothing', 'x'.repeat(22), '%00', '__proto__'])('is none at /smart/%s/', async (id) => {
    const { base, browser } = await hospital()
    expect((await browser().open(`${base}/smart/${id}/`)).status).toBe(403)
  })

  test('R5: holds no token, and neither does a cookie or the log', async () => {
    const { launch, browser, asked, log } = await hospital({ ehr: { 'online-access': true } })
    const visitor = browser()
    const page = await launch({ patient: 'p1' }, visitor)
    const [, token = ''] = asked[0]?.authorization?.split(' ') ?? []
    expect(token).toHaveLength(36)
    const code =
      page.way.find(({ pathname }) => pathname === '/smart/callback')?.searchParams.get('code') ?? ''
    const shown = [page.text, JSON.stringify(visitor.cookies), JSON.stringify([...page.headers])].join()
    expect(shown).not.toContain(token)
    expect(code).toHaveLength(36)
    for (const secret of [token, code, 'Ada', 'p1"', '1980-01-02']) expect(log.join('')).not.toContain(secret)
    expect(
      log.map((line) => JSON.parse(line)).filter(({ outcome }) => outcome === 'smart-launched'),
    ).toHaveLength(1)
  })

  test('may be framed by the pages of its EHR, and by no others', async () => {
    const { launch } = await hospital({ ehr: { 'frame-ancestors': ['https://ehr.example.org'] } })
    const { headers } = await launch()
    expect(headers.get('content-security-policy')).toContain('frame-ancestors https://ehr.example.org')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('x-frame-options')).toBeNull()
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('may not be framed at all where no page is listed', async () => {
    const { launch } = await hospital()
    expect((await launch()).headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  })
})

describe('a form of a launch', () => {
  const pages = (done: unknown[]) => [
    { method: 'GET' as const, path: '', handler: ({ formToken }: Launch) => formToken },
    {
      method: 'POST' as const,
      path: 'send',
      handler: (_launch: Launch, { body }: { body: unknown }) => {
        done.push(body)
        return 'sent'
      },
    },
  ]
  const form = (fields: Record<string, string>) => ({ method: 'POST', body: new URLSearchParams(fields) })

  test('is taken from its own page alone', async () => {
    const done: unknown[] = []
    const { launch, browser, log } = await hospital({ setup: { pages: pages(done) } })
    const visitor = browser()
    const page = await launch({ patient: 'p1' }, visitor)
    const other = await launch({ patient: 'p2' }, browser())
    const address = new URL('send', page.url).href
    for (const token of ['', 'x', other.text]) {
      const answer = await visitor.open(address, form({ 'form-token': token, what: 'wrong' }))
      expect([answer.status, refusalIn(log)]).toEqual([403, 'not-from-here'])
    }
    const sent = await visitor.open(address, form({ 'form-token': page.text, what: 'right' }))
    expect([sent.text, done]).toEqual(['sent', [{ 'form-token': page.text, what: 'right' }]])
  })
})

test('a database that is away is said as such, by a page', async () => {
  const { openPostgresStores } = await import('../../src/store/postgres.ts')
  const away = await openPostgresStores({
    connectionString: 'postgres://root@127.0.0.1:1/test',
    key: randomBytes(32),
    now: Date.now,
    log: { info: () => undefined, warn: () => undefined },
  }).catch((error: unknown) => error)
  const failing = async () => {
    throw away
  }
  const store = { put: failing, get: failing, take: failing, claim: failing }
  const { launch, log } = await hospital({
    setup: { stores: { used: store, launches: store, kept: store } },
  })
  expect([(await launch()).status, refusalIn(log)]).toEqual([503, 'store-unavailable ECONNREFUSED'])
})
