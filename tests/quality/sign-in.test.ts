/** Who may look, by a provider that tells the truth and one that lies; and what a clinician may not see. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { viewerIn } from '../../src/quality/sign-in.ts'
import { latestLooks } from '../../src/quality/viewer.ts'
import { qualitySchema } from '../../src/site/quality.ts'
import { openProvider, type Provider } from './provider.ts'
import { type Dashboard, keepReport, now, openDashboard, reportOf } from './support.ts'

let provider: Provider
let later = 0
let desk: Dashboard
const settingsOf = (issuer: string) =>
  qualitySchema.parse({
    'public-url': 'http://localhost:3000',
    issuer,
    'client-id': 'lumbar-quality',
    leads: ['quality-leads'],
    clinicians: ['clinicians'],
    'clinic-claim': 'clinic',
  })
const lead = { groups: ['quality-leads'], name: 'Lea D.' }
const ana = {
  groups: 'clinicians',
  fhirUser: 'https://ehr.example/fhir/Practitioner/ana',
  clinic: 'north',
  name: 'Ana',
}

beforeAll(async () => {
  provider = await openProvider('lumbar-quality')
  desk = await openDashboard(settingsOf(provider.issuer), { now: () => new Date(now.getTime() + later) })
  keepReport(
    desk,
    '2025',
    reportOf(2025, (clinician) => (clinician === 'ana' ? 0.5 : 0.3)),
  )
})
afterAll(async () => {
  await desk.close()
  await provider.close()
})
beforeEach(() => {
  provider.person = lead
})
afterEach(() => {
  provider.lies = {}
})

type Answer = Awaited<ReturnType<typeof get>>
const get = (url: string, cookie = '') =>
  desk.app.inject({ method: 'GET', url, headers: { host: 'localhost:3000', cookie } })
const cookieOf = ({ headers }: Answer) =>
  [headers['set-cookie'] ?? []]
    .flat()
    .map((each) => each.split(';')[0] ?? '')
    .filter((each) => !each.endsWith('='))
    .join('; ')

async function signIn(): Promise<Answer> {
  const begun = await get('/quality/sign-in')
  return get(`/quality/callback?${await provider.consent(String(begun.headers.location))}`, cookieOf(begun))
}
async function signedIn(person: typeof provider.person): Promise<string> {
  provider.person = person
  return cookieOf(await signIn())
}

test('without a sign-in nobody sees anything, at this machine neither, and is led to it', async () => {
  for (const url of [
    '/quality',
    '/quality/cards',
    '/quality/looks',
    '/quality/measures/imaging',
    '/quality/clinicians/ana',
  ]) {
    const { statusCode, body } = await get(url)
    expect(statusCode).toBe(401)
    expect(body).toContain('/quality/sign-in')
  }
})

test('a lead signs in with PKCE, state and nonce, and sees everything until signing out', async () => {
  const begun = await get('/quality/sign-in')
  const { searchParams } = new URL(String(begun.headers.location))
  expect(Object.fromEntries(searchParams)).toMatchObject({
    code_challenge_method: 'S256',
    response_type: 'code',
    redirect_uri: 'http://localhost:3000/quality/callback',
  })
  expect(begun.headers['set-cookie']).toMatch(/__Host-.*HttpOnly.*Secure.*SameSite=Lax/)
  const done = await signIn()
  expect([done.statusCode, done.headers.location]).toEqual([303, '/quality'])
  const cookie = cookieOf(done)
  for (const url of ['/quality', '/quality/cards', '/quality/looks', '/quality/clinicians/ana']) {
    const { statusCode, body } = await get(url, cookie)
    expect(statusCode).toBe(200)
    expect(body).toContain('Lea D., lead')
  }
  const out = await desk.app.inject({
    method: 'POST',
    url: '/quality/sign-out',
    headers: { cookie, 'sec-fetch-site': 'same-origin' },
  })
  expect(out.statusCode).toBe(303)
  expect((await get('/quality', cookie)).statusCode).toBe(401)
})

describe('a clinician', () => {
  let cookie: string
  beforeAll(async () => {
    cookie = await signedIn(ana)
  })

  test('comes to the own page, with the clinic beside it', async () => {
    const front = await get('/quality', cookie)
    expect([front.statusCode, front.headers.location]).toEqual([303, '/quality/clinicians/ana'])
    const { body } = await get('/quality/clinicians/ana', cookie)
    expect(body).toContain('Others of the clinic:')
    expect(body).not.toMatch(/\b(bea|cora|dan|eve|fay)\b/)
    expect(body).not.toContain('Who looked')
  })

  test.each([
    '/quality/clinicians/bea',
    '/quality/clinicians/bea/letter.pdf',
    '/quality/clinicians',
    '/quality/cards',
    '/quality/looks',
    '/quality/measures/imaging',
  ])('does not see %s, and that it was asked for is written down', async (url) => {
    const { statusCode, body } = await get(url, cookie)
    expect(statusCode).toBe(403)
    expect(body).not.toMatch(/\d\d\.\d %/)
    const [latest] = await latestLooks(desk.sql, 1)
    expect(latest).toMatchObject({ role: 'clinician', who: `person-1 at ${provider.issuer}` })
    expect(latest?.what).toMatch(/^refused: /)
  })

  test('writes no note', async () => {
    const { statusCode } = await desk.app.inject({
      method: 'POST',
      url: '/quality/changes',
      headers: {
        cookie,
        'sec-fetch-site': 'same-origin',
        'content-type': 'application/x-www-form-urlencoded',
      },
      payload: 'cycle=a&phase=do&day=2025-01-01&measure=all',
    })
    expect(statusCode).toBe(403)
  })
})

const hourAgo = Math.floor(Date.now() / 1000) - 3600
describe('nobody is signed in by', () => {
  test.each([
    ['a token of another key', { forges: true }],
    ['a token without a signature', { unsigned: true }],
    ['another nonce', { claims: { nonce: 'other' } }],
    ['no nonce', { claims: { nonce: undefined } }],
    ['another state', { state: 'other' }],
    ['another issuer', { claims: { iss: 'https://elsewhere.example' } }],
    ['a token for another client', { claims: { aud: 'other' } }],
    ['a token that is over', { claims: { exp: hourAgo } }],
    ['a token without a subject', { claims: { sub: undefined } }],
  ])('%s', async (_, lies) => {
    provider.lies = lies as Provider['lies']
    const answer = await signIn()
    expect(answer.statusCode).toBe(400)
    expect(cookieOf(answer)).toBe('')
    const last = desk.log.at(-1)
    expect(last).toMatchObject({ outcome: 'quality-sign-in-failed' })
    expect(JSON.stringify(last)).not.toContain('elsewhere')
  })

  test('a code that another browser began, or that is used again', async () => {
    const begun = await get('/quality/sign-in')
    const query = await provider.consent(String(begun.headers.location))
    expect((await get(`/quality/callback?${query}`)).statusCode).toBe(400)
    const other = await get('/quality/sign-in')
    expect((await get(`/quality/callback?${query}`, cookieOf(other))).statusCode).toBe(400)
    expect((await get(`/quality/callback?${query}`, cookieOf(begun))).statusCode).toBe(303)
    expect((await get(`/quality/callback?${query}`, cookieOf(begun))).statusCode).toBe(400)
  })

  test('a sign-in that was begun too long ago', async () => {
    const begun = await get('/quality/sign-in')
    const query = await provider.consent(String(begun.headers.location))
    later = 600_000
    expect((await get(`/quality/callback?${query}`, cookieOf(begun))).statusCode).toBe(400)
    later = 0
  })

  test('a cookie that was made up', async () => {
    expect((await get('/quality', `__Host-lumbar-quality=${'a'.repeat(43)}`)).statusCode).toBe(401)
    expect(
      (await get('/quality/callback?code=a&state=b', `__Host-lumbar-quality-sign-in=${'a'.repeat(43)}`))
        .statusCode,
    ).toBe(400)
  })

  test('a refusal of the provider, told in words', async () => {
    const begun = await get('/quality/sign-in')
    const { searchParams } = new URL(String(begun.headers.location))
    const query = new URLSearchParams({ error: 'access_denied', state: searchParams.get('state') ?? '' })
    expect((await get(`/quality/callback?${query}`, cookieOf(begun))).statusCode).toBe(400)
  })
})

describe('a role', () => {
  test.each([
    ['no group', {}],
    ['another group', { groups: ['nurses'] }],
    ['a group that only begins alike', { groups: ['quality-leads-2'] }],
    ['a clinician whom nobody can name', { groups: ['clinicians'] }],
    ['a patient', { groups: ['clinicians'], fhirUser: 'Patient/1' }],
  ])('is not given for %s', async (_, person) => {
    provider.person = person
    const answer = await signIn()
    expect(answer.statusCode).toBe(403)
    expect(cookieOf(answer)).toBe('')
  })

  test('comes from claims of any odd shape without a mistake', () => {
    const settings = settingsOf('https://login.example')
    for (const groups of [null, 7, {}, [{}], ['', null], 'x'.repeat(9000)])
      expect(viewerIn({ sub: 's', groups, fhirUser: groups }, settings)).toBeUndefined()
    expect(viewerIn({ sub: 's', ...ana, fhirUser: 'ana' }, settings)?.clinician).toEqual({ id: 'ana' })
    expect(viewerIn({ sub: 's', ...ana }, settings)?.clinician).toEqual({
      id: 'ana',
      server: 'https://ehr.example/fhir',
    })
  })
})
