/** Launches from their beginning to the open chart, as every type of client, against a simulator that checks the app (specification 1.11). */
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterEach, describe, expect, test } from 'vitest'
import { ask, type Question } from '../../src/net/asker.ts'
import { readKeyRing } from '../../src/smart/launch/keys.ts'
import {
  type ClientType,
  type Hospital,
  newKeyRing,
  type Options,
  openHospital,
  refusalIn,
} from './support.ts'

const open: Hospital[] = []
const hospital = async (options: Options = {}) => {
  const opened = await openHospital(options)
  open.push(opened)
  return opened
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()))
})

const types: ClientType[] = ['public', 'symmetric', 'asymmetric']

/** Hears the forms that are sent to the token endpoint. */
function listening() {
  const forms: { body: URLSearchParams; authorization: string | undefined }[] = []
  const listen: typeof ask = (url, question: Question = {}) => {
    if (url.endsWith('/token')) {
      const { body = '', headers = {} } = question
      forms.push({ body: new URLSearchParams(body), authorization: headers.authorization })
    }
    return ask(url, question)
  }
  return { forms, ask: listen }
}

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

describe('the token request', () => {
  test('R15: of a public client carries the code, the verifier and its id, and no other proof', async () => {
    const { forms, ask } = listening()
    const { base, launch } = await hospital({ setup: { ask } })
    await launch()
    expect(forms).toHaveLength(1)
    expect(forms[0]?.authorization).toBeUndefined()
    expect(Object.fromEntries(forms[0]?.body ?? [])).toEqual({
      grant_type: 'authorization_code',
      code: expect.any(String),
      redirect_uri: `${base}/smart/callback`,
      code_verifier: expect.stringMatching(/^[\w-]{43}$/),
      client_id: 'lumbar',
    })
  })

  test('R16: of a symmetric client carries its secret as Basic, and in the body only where the server takes it no other way', async () => {
    for (const fault of [undefined, 'only-posted-secret'] as const) {
      const { forms, ask } = listening()
      const { launch, fail } = await hospital({ type: 'symmetric', setup: { ask } })
      if (fault) fail(fault)
      expect((await launch()).status).toBe(200)
      const [{ body, authorization } = { body: new URLSearchParams(), authorization: '' }] = forms
      expect([body.has('client_secret'), authorization?.startsWith('Basic ') ?? false]).toEqual(
        fault ? [true, false] : [false, true],
      )
    }
  })

  test.each(['ES384', 'RS384'] as const)('R17: of an asymmetric client is signed with %s', async (alg) => {
    const { forms, ask } = listening()
    const { base, launch, clock } = await hospital({
      type: 'asymmetric',
      setup: { ask, keys: await newKeyRing(alg, 'a-kid') },
    })
    expect((await launch()).status).toBe(200)
    const assertion = forms[0]?.body.get('client_assertion') ?? ''
    expect(decodeProtectedHeader(assertion)).toEqual({
      alg,
      kid: 'a-kid',
      typ: 'JWT',
      jku: `${base}/smart/jwks.json`,
    })
    const { exp = 0, ...claims } = decodeJwt(assertion)
    expect(claims).toMatchObject({ iss: 'lumbar', sub: 'lumbar', aud: `${base}/sandbox/smart/token` })
    expect(exp - clock.seconds()).toBeLessThanOrEqual(300)
    expect(forms[0]?.body.has('client_id')).toBe(false)
  })

  test('R17: no assertion is used twice', async () => {
    const { forms, ask } = listening()
    const { launch } = await hospital({ type: 'asymmetric', setup: { ask } })
    await launch()
    await launch()
    const ids = forms.map(({ body }) => decodeJwt(body.get('client_assertion') ?? '').jti)
    expect(new Set(ids).size).toBe(2)
  })

  test('R15: a code of any letters arrives as it was', async () => {
    const { forms, ask } = listening()
    const { base, iss, browser } = await hospital({ setup: { ask } })
    const visitor = browser()
    const begun = await visitor.step(`${base}/smart/launch?iss=${encodeURIComponent(iss)}&launch=x`)
    const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state') ?? ''
    const code = 'a+b&grant_type=x%26ü'
    await visitor.open(
      `${base}/smart/callback?${new URLSearchParams({ state, code, iss: `${base}/sandbox/smart` })}`,
    )
    expect(forms[0]?.body.getAll('code')).toEqual([code])
    expect(forms[0]?.body.getAll('grant_type')).toEqual(['authorization_code'])
  })
})

describe('R18: the keys of an asymmetric client', () => {
  test('are published without anything private, for others to keep for a while', async () => {
    const current = await newKeyRing('ES384', 'current')
    const { base, browser } = await hospital({ type: 'asymmetric', setup: { keys: current } })
    const answer = await browser().open(`${base}/smart/jwks.json`)
    expect(answer.headers.get('cache-control')).toBe('public, max-age=3600')
    expect(JSON.parse(answer.text)).toEqual({
      keys: [
        {
          kty: 'EC',
          crv: 'P-384',
          x: expect.any(String),
          y: expect.any(String),
          kid: 'current',
          alg: 'ES384',
          use: 'sig',
          key_ops: ['verify'],
        },
      ],
    })
  })

  test('are published before they sign, so that they can be changed without a gap', async () => {
    const [older, newer] = await Promise.all([privateKey('older'), privateKey('newer')])
    const before = readKeyRing(JSON.stringify({ keys: [older, newer] }))
    const after = readKeyRing(JSON.stringify({ keys: [newer, older] }))
    const kids = ({ published }: typeof before) =>
      (JSON.parse(published) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid)
    expect([kids(before), kids(after).sort()]).toEqual([
      ['older', 'newer'],
      ['newer', 'older'],
    ])
    for (const [keys, kid] of [
      [before, 'older'],
      [after, 'newer'],
    ] as const) {
      const { forms, ask } = listening()
      const { launch } = await hospital({ type: 'asymmetric', setup: { keys, ask } })
      expect((await launch()).status).toBe(200)
      expect(decodeProtectedHeader(forms[0]?.body.get('client_assertion') ?? '').kid).toBe(kid)
    }
  })

  test.each([
    ['is no JSON', '{', /is no key set/],
    ['has no keys', '{"keys":[]}', /is no key set/],
    ['has an algorithm of its own', '{"keys":[{"kid":"a","alg":"HS256"}]}', /is no key set/],
    [
      'has a public key',
      '{"keys":[{"kid":"a","alg":"ES384","kty":"EC","crv":"P-384"}]}',
      /is no private key/,
    ],
  ])('are refused when the file %s', (_, text, told) => {
    expect(() => readKeyRing(text)).toThrow(told)
  })

  test('are refused when two have one name, or one is of another algorithm than it says', async () => {
    const key = await privateKey('same')
    expect(() => readKeyRing(JSON.stringify({ keys: [key, key] }))).toThrow(/two keys of one "kid"/)
    expect(() => readKeyRing(JSON.stringify({ keys: [{ ...key, alg: 'RS384' }] }))).toThrow(/does not fit/)
  })
})

async function privateKey(kid: string): Promise<Record<string, unknown>> {
  const { generateKeyPairSync } = await import('node:crypto')
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  return { ...pair.privateKey.export({ format: 'jwk' }), kid, alg: 'ES384' }
}
