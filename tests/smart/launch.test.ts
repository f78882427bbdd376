/** Launches from their beginning to the open chart, as every type of client, against a simulator that checks the app (specification 1.11). */
import { describe, expect, test } from 'vitest'
import { type ClientType, hospital, refusalIn } from './support.ts'

const types: ClientType[] = ['public', 'symmetric', 'asymmetric']

describe('an EHR launch', () => {
  test.each(types)('R2, R9, R15–R17: opens the chart as a %s client', async (type) => {
    const { launch, asked } = await hospital({ type })
    const page = await launch()
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('Ada Alpha')])
    expect(page.url.pathname).toMatch(/^\/smart\/[\w-]{22}\/$/)
    expect(asked.map(({ what }) => what)).toEqual(['GET Patient/p1'])
    expect(asked[0]?.authorization).toMatch(/^Bearer /)
  })

  test('R9, R10, R12: asks for what SMART wants, and for nothing else', async () => {
    const { base, iss, browser } = await hospital()
    const query = new URLSearchParams({ iss, launch: 'opaque ü&=' })
    const answer = await browser().step(`${base}/smart/launch?${query}`)
    const url = new URL(answer.headers.get('location') ?? '')
    expect(url.origin + url.pathname).toBe(`${base}/sandbox/smart/authorize`)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code',
      client_id: 'lumbar',
      redirect_uri: `${base}/smart/callback`,
      scope: expect.stringMatching(/^launch openid fhirUser /),
      state: expect.stringMatching(/^[\w-]{74}$/),
      aud: iss,
      launch: 'opaque ü&=',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    })
  })

  test.each([
    ['no launch', (iss: string) => ({ iss })],
    ['no iss', () => ({ launch: 'x' })],
    ['an empty launch', (iss: string) => ({ iss, launch: '' })],
    ['nothing', () => ({})],
  ])('R2: with %s is refused', async (_, parameters) => {
    const { base, iss, log, browser } = await hospital()
    const query = new URLSearchParams(parameters(iss) as Record<string, string>)
    const page = await browser().open(`${base}/smart/launch?${query}`)
    expect([page.status, refusalIn(log)]).toEqual([400, 'bad-launch'])
  })

  test.each([
    ['a slash at its end', (iss: string) => `${iss}/`, 302],
    ['a host in capitals', (iss: string) => iss.replace('http://', 'HTTP://'), 302],
    ['another path', (iss: string) => `${iss}/other`, 400],
    ['another port', () => 'http://127.0.0.1:1/sandbox/fhir', 400],
    ['a query', (iss: string) => `${iss}?x=y`, 400],
    ['a user', (iss: string) => iss.replace('http://', 'http://u:p@'), 400],
    ['no scheme', (iss: string) => iss.replace('http:', ''), 400],
    ['a longer host', (iss: string) => iss.replace('127.0.0.1', '127.0.0.1.example.org'), 400],
  ])('R4: an iss with %s answers as it should', async (_, spelled, status) => {
    const { base, iss, browser } = await hospital()
    const query = new URLSearchParams({ iss: spelled(iss), launch: 'x' })
    expect((await browser().step(`${base}/smart/launch?${query}`)).status).toBe(status)
  })

  test('R1: all addresses are below the public one, also where a proxy adds a path', async () => {
    let origin = ''
    const opened = await hospital({ setup: { publicUrl: () => `${origin}/lumbar` } })
    origin = opened.base
    const query = new URLSearchParams({ iss: opened.iss, launch: 'x' })
    const answer = await opened.browser().step(`${origin}/smart/launch?${query}`)
    const url = new URL(answer.headers.get('location') ?? '')
    expect(url.searchParams.get('redirect_uri')).toBe(`${origin}/lumbar/smart/callback`)
  })

  test('begins at the public address where a browser calls this machine by another name', async () => {
    const { app, base, iss, simulator, browser } = await hospital()
    const visitor = browser()
    const query = new URLSearchParams({ iss, launch: simulator.newLaunch({ patient: 'p1' }) })
    const alias = base.replace('127.0.0.1', 'localhost')
    const page = await visitor.open(`${alias}/smart/launch?${query}`)
    expect([page.status, page.way[1]?.origin]).toEqual([200, base])
    expect(visitor.cookies.every(({ host }) => base.endsWith(host))).toBe(true)
    // A header that names any other host leads nowhere (F2).
    const answer = await app.inject({ url: `/smart/launch?${query}`, headers: { host: 'evil.example.org' } })
    expect(answer.headers.location).toMatch(new RegExp(`^${base}/sandbox/smart/authorize`))
  })

  test('the context of the launch reaches its page, appContext as what was in it', async () => {
    const seen: unknown[] = []
    const { launch } = await hospital({
      setup: {
        pages: [
          {
            method: 'GET',
            path: '',
            handler: ({ patient, encounter, intent, tenant, others, appContext, user }) => {
              seen.push({ patient, encounter, intent, tenant, others, appContext, user })
              return 'seen'
            },
          },
        ],
      },
    })
    await launch({
      patient: 'p1',
      encounter: 'e1',
      user: 'Practitioner/d1',
      intent: 'handout',
      tenant: 't1',
      appContext: { handouts: ['stay-active'], language: 'es' },
      fhirContext: [
        { reference: 'Condition/c1' },
        'ServiceRequest/s1',
        { reference: 'DocumentReference/x', role: 'https://example.org/other' },
        { canonical: 'http://example.org/q' },
        7,
      ],
    })
    expect(seen).toEqual([
      {
        patient: 'p1',
        encounter: 'e1',
        intent: 'handout',
        tenant: 't1',
        others: ['Condition/c1', 'ServiceRequest/s1'],
        appContext: { handouts: ['stay-active'], language: 'es' },
        user: { type: 'Practitioner', reference: 'Practitioner/d1' },
      },
    ])
  })

  test.each([
    ['no JSON', '{"handouts":'],
    ['too long', JSON.stringify('x'.repeat(2100))],
  ])('an appContext that is %s is as good as none', async (_, appContext) => {
    const seen: unknown[] = []
    const page = { method: 'GET' as const, path: '', handler: (launch: object) => void seen.push(launch) }
    const { launch } = await hospital({ setup: { pages: [page] } })
    await launch({ patient: 'p1', appContext })
    expect(seen).toHaveLength(1)
    expect(seen[0]).not.toHaveProperty('appContext')
  })
})

describe('a standalone launch', () => {
  test.each(types)('R3: opens the chart that was chosen, as a %s client', async (type) => {
    const { base, browser } = await hospital({ type })
    const visitor = browser()
    const picker = await visitor.open(`${base}/smart/standalone`)
    expect(picker.text).toContain('Ben Beta')
    expect(picker.url.searchParams.get('scope')).toMatch(/^launch\/patient openid/)
    expect(picker.url.searchParams.has('launch')).toBe(false)
    const [, link = ''] = /href="([^"]+)"/.exec(picker.text) ?? []
    const page = await visitor.open(new URL(link.replaceAll('&amp;', '&'), base).href)
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('Ben Beta')])
  })

  test('R3: is offered for the EHRs that offer it, by name where there are several', async () => {
    const { base, iss, browser } = await hospital({
      setup: {
        ehrs: () => [
          ehr('First hospital', `${iss}`),
          ehr('Second & last', 'https://two.example.org/fhir'),
          { ...ehr('Third', 'https://three.example.org/fhir'), standalone: false },
        ],
      },
    })
    const page = await browser().open(`${base}/smart/standalone`)
    expect(page.text).toContain('First hospital')
    expect(page.text).toContain('Second &amp; last')
    expect(page.text).not.toContain('Third')
    const [, link = ''] = /href="([^"]*standalone[^"]+)"/.exec(page.text) ?? []
    const chosen = await browser().step(new URL(link, base).href)
    expect(chosen.headers.get('location')).toContain('/sandbox/smart/authorize?')
    const third = encodeURIComponent('https://three.example.org/fhir')
    expect((await browser().step(`${base}/smart/standalone?iss=${third}`)).status).toBe(200)
  })

  test('R3: is refused where no EHR offers it', async () => {
    const { base, log, browser } = await hospital({ ehr: { standalone: false } })
    expect((await browser().open(`${base}/smart/standalone`)).status).toBe(404)
    expect(refusalIn(log)).toBe('no-ehr')
  })
})

const ehr = (name: string, iss: string) => ({
  name,
  iss,
  client: { id: 'lumbar', type: 'public' as const },
  'online-access': false,
  pkce: 'required' as const,
  'frame-ancestors': [],
  'endpoint-origins': [],
  standalone: true,
  writeback: 'auto' as const,
})
