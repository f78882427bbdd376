/** The known defects of SMART client libraries, each closed (specification 2.2, F1–F14): a thief listens, and hears nothing. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parseSetCookie } from 'cookie'
import { describe, expect, test } from 'vitest'
import { root } from '../support/evaluator.ts'
import { openedLaunch, thief } from './strangers.ts'
import { hospital, refusalIn } from './support.ts'

describe('F1, F2: what a stranger writes into a launch', () => {
  test.each(['iss', 'fhirServiceUrl', 'clientId', 'patientId'])(
    'F1: a query that sets %s sends no secret and no question to anybody else',
    async (name) => {
      const { heard, url } = await thief()
      const { base, iss, simulator, browser } = await hospital({ type: 'symmetric' })
      const launch = simulator.newLaunch({ patient: 'p1' })
      const query = new URLSearchParams([
        ['iss', iss],
        ['launch', launch],
        [name, url],
      ])
      const page = await browser().open(`${base}/smart/launch?${query}`)
      // A second `iss` makes the launch unreadable; the others are nobody's business.
      expect(page.status).toBe(name === 'iss' ? 400 : 200)
      expect(heard).toEqual([])
      expect(page.way.slice(1).join()).not.toContain(encodeURIComponent(url))
    },
  )

  test('F1, R4: an EHR that is not registered is asked nothing', async () => {
    const { heard, url } = await thief()
    const { base, log, browser } = await hospital({ type: 'symmetric' })
    const page = await browser().open(`${base}/smart/launch?iss=${encodeURIComponent(url)}&launch=x`)
    expect([page.status, refusalIn(log), heard]).toEqual([400, 'unknown-ehr', []])
  })

  test('F2: headers of a proxy that nobody set up change nothing', async () => {
    const { heard, url } = await thief()
    const { base, launch, browser } = await hospital()
    const visitor = browser()
    Object.assign(visitor.headers, {
      'x-forwarded-host': new URL(url).host,
      'x-forwarded-proto': 'https',
      'x-original-uri': `/smart/launch?iss=${encodeURIComponent(url)}&launch=x`,
    })
    const page = await launch({ patient: 'p1' }, visitor)
    expect([page.status, heard]).toEqual([200, []])
    expect(page.way.every(({ href }) => href.startsWith(base))).toBe(true)
    expect(page.way[1]?.searchParams.get('redirect_uri')).toBe(`${base}/smart/callback`)
  })
})

test('F3: an EHR that was away can be launched from again after seconds, and is not asked more often', async () => {
  const { launch, fail, simulator, clock, log } = await hospital()
  fail('failing-discovery')
  expect((await launch()).status).toBe(502)
  simulator.faults.clear()
  expect([(await launch()).status, refusalIn(log)]).toEqual([502, 'ehr-not-reached http-500'])
  clock.pass(11)
  expect((await launch()).status).toBe(200)
  // A good answer is believed for minutes, and not for ever.
  fail('failing-discovery')
  clock.pass(590)
  expect((await launch()).status).toBe(200)
  clock.pass(20)
  expect((await launch()).status).toBe(502)
})

test('F4, R11: every state is new, and has 256 bits', async () => {
  const { base, iss, browser } = await hospital()
  const states = new Set<string>()
  for (let count = 0; count < 50; count += 1) {
    const answer = await browser().step(`${base}/smart/launch?iss=${encodeURIComponent(iss)}&launch=x`)
    states.add(new URL(answer.headers.get('location') ?? '').searchParams.get('state') ?? '')
  }
  expect(states.size).toBe(50)
  expect([...states].every((state) => /^[\w-]{74}$/.test(state))).toBe(true)
})

test('F5: who is signed in is taken from no token whose signature does not hold', async () => {
  const { launch, fail, log, asked } = await hospital()
  fail('forged-id-token')
  expect((await launch()).status).toBe(502)
  expect([refusalIn(log), asked]).toEqual(['identity-not-proven ERR_JWS_SIGNATURE_VERIFICATION_FAILED', []])
})

test('F6: a name with letters beyond ASCII is no obstacle', async () => {
  const { user } = await openedLaunch()
  expect(user).toEqual({ type: 'Practitioner', reference: 'Practitioner/example-clinician' })
})

test('F10, F14: the cookie goes out with the redirect, and works in a frame of another site', async () => {
  const { base, iss, browser } = await hospital()
  const answer = await browser().step(`${base}/smart/launch?iss=${encodeURIComponent(iss)}&launch=x`)
  expect(answer.status).toBe(302)
  const [line = ''] = answer.headers.getSetCookie()
  expect(line.startsWith('__Host-')).toBe(true)
  expect(parseSetCookie(line)).toMatchObject({
    path: '/',
    secure: true,
    httpOnly: true,
    sameSite: 'none',
    partitioned: true,
    maxAge: 600,
  })
})

describe('F11: what fhirclient brings along', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { name?: string }>
  }

  test('is no React Native and no Expo', () => {
    const names = Object.keys(lock.packages).filter((name) =>
      /\/(react-native|expo-|@unimodules|isomorphic-webcrypto)/.test(name),
    )
    expect(names.map((name) => lock.packages[name]?.name)).toEqual(['empty-npm-package'])
  })
})

test('F13: fhirclient writes no token, whatever DEBUG says', { timeout: 60_000 }, async () => {
  const program = `
    import { requestFhir } from '${join(root, 'src/smart/fhir/library.ts')}'
    const answer = async () => new Response('{"resourceType":"Patient"}', { headers: { 'content-type': 'application/json' } })
    console.log(JSON.stringify(await requestFhir(answer, 'https://ehr.example.org/fhir', 'telling-token', { url: 'Patient/p1' })))`
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module-typescript', '--eval', program],
    { env: { PATH: process.env.PATH, DEBUG: '*' } },
  )
  expect(stdout).toContain('"resourceType":"Patient"')
  expect(stdout + stderr).not.toContain('telling-token')
})

test('F2, F3, F8: fhirclient says nothing to the network by itself', async () => {
  const { heard, url } = await thief()
  const program = `
    import '${join(root, 'src/smart/fhir/library.ts')}'
    import { createRequire } from 'node:module'
    const smart = createRequire('${join(root, 'package.json')}')('fhirclient')
    const client = smart({ url: '/', headers: { host: 'x' }, socket: {} }, {}, {}).client('${url}')
    await client.request('Patient/p1').then(() => console.log('spoke'), (error) => console.log(error.message))`
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module-typescript',
    '--eval',
    program,
  ])
  expect([stdout, heard]).toEqual(['fhirclient may not speak to the network by itself.\n', []])
})
