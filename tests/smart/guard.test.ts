/** The known defects of SMART client libraries, each closed (specification 2.2, F1–F14): a thief listens, and hears nothing. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parseSetCookie } from 'cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ask } from '../../src/net/asker.ts'
import type { Launch } from '../../src/smart/launch.ts'
import { root } from '../support/evaluator.ts'
import { type Hospital, type Options, openHospital, refusalIn } from './support.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** Another server, which answers everything and remembers what it was sent. */
async function thief() {
  const heard: string[] = []
  const server = createServer((request: IncomingMessage, response) => {
    heard.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`)
    response
      .setHeader('content-type', 'application/fhir+json')
      .end('{"resourceType":"Bundle","type":"searchset"}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => server.close())
  return { heard, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

async function hospital(options: Options = {}): Promise<Hospital> {
  const opened = await openHospital(options)
  closing.push(() => opened.close())
  return opened
}

/** A launch whose chart is read by the test itself. */
async function openedLaunch(options: Options = {}): Promise<Launch> {
  let seen: Launch | undefined
  const page = {
    method: 'GET' as const,
    path: '',
    handler: (launch: Launch) => {
      seen = launch
      return 'opened'
    },
  }
  const { launch } = await hospital({ ...options, setup: { pages: [page], ...options.setup } })
  await launch()
  if (!seen) throw new Error('the launch did not open')
  return seen
}

const json = (reply: FastifyReply, body: object) => reply.type('application/fhir+json').send(body)
const condition = (id: string, patient = 'Patient/p1') => ({
  resource: { resourceType: 'Condition', id, subject: { reference: patient } },
})

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

describe('F8, R22: the token', () => {
  test('stays at home when a bundle names its next page elsewhere', async () => {
    const { heard, url } = await thief()
    const { fhir } = await openedLaunch({
      fhir: (_request, reply) =>
        json(reply, {
          resourceType: 'Bundle',
          entry: [condition('c1')],
          link: [{ relation: 'next', url: `${url}/Condition?page=2` }],
        }),
    })
    await expect(fhir.search('Condition')).rejects.toMatchObject({ reason: 'elsewhere' })
    expect(heard).toEqual([])
  })

  test.each(['/other/Condition', '/sandbox/fhir/..%2f..%2fother', '/sandbox/fhirs/Condition'])(
    'stays at home when the next page is beside the FHIR base: %s',
    async (path) => {
      let requests = 0
      const { fhir } = await openedLaunch({
        fhir: (_request, reply) => {
          requests += 1
          return json(reply, { resourceType: 'Bundle', link: [{ relation: 'next', url: path }] })
        },
      })
      await expect(fhir.search('Condition')).rejects.toMatchObject({ reason: 'elsewhere' })
      expect(requests).toBe(1)
    },
  )

  test('stays at home when a creation says that it is elsewhere', async () => {
    const { heard, url } = await thief()
    const { fhir } = await openedLaunch({
      fhir: (_request, reply) => reply.code(201).header('location', `${url}/Procedure/n1/_history/1`).send(),
    })
    const resource = {
      resourceType: 'Procedure',
      status: 'completed',
      subject: { reference: 'Patient/p1' },
    } as const
    expect(await fhir.create(resource)).toEqual({ id: 'n1' })
    expect(heard).toEqual([])
  })

  test('stays at home when the FHIR server redirects', async () => {
    const { heard, url } = await thief()
    const { fhir } = await openedLaunch({ fhir: (_request, reply) => reply.redirect(`${url}/Patient/p1`) })
    await expect(fhir.read('Patient', 'p1')).rejects.toMatchObject({ reason: 'redirected' })
    expect(heard).toEqual([])
  })

  test('reads all pages where they are at home', async () => {
    const asked: string[] = []
    const { fhir } = await openedLaunch({
      fhir: (request, reply) => {
        asked.push(request.url)
        const next = [{ relation: 'next', url: 'Condition?page=2' }]
        const isFirst = request.url.includes('patient=p1')
        return json(reply, {
          resourceType: 'Bundle',
          entry: [condition(isFirst ? 'c1' : 'c2')],
          ...(isFirst ? { link: next } : {}),
        })
      },
    })
    const { resources, isComplete } = await fhir.search('Condition', { category: 'problem-list-item' })
    expect([resources.map(({ id }) => id), isComplete]).toEqual([['c1', 'c2'], true])
    expect(asked[0]).toBe('/sandbox/fhir/Condition?category=problem-list-item&patient=p1')
  })

  test('reads so many pages and no more', async () => {
    let pages = 0
    const { fhir } = await openedLaunch({
      fhir: (_request, reply) => {
        pages += 1
        return json(reply, {
          resourceType: 'Bundle',
          link: [{ relation: 'next', url: `Condition?page=${pages}` }],
        })
      },
    })
    expect(await fhir.search('Condition')).toEqual({ resources: [], isComplete: false })
    expect(pages).toBe(10)
  })
})

describe('R25: the chart of one patient', () => {
  const answers = (body: object) => ({
    fhir: (_request: FastifyRequest, reply: FastifyReply) => json(reply, body),
  })

  test.each([
    ['Patient/p2', condition('c1', 'Patient/p2').resource],
    ['nobody', { resourceType: 'Condition', id: 'c1' }],
    ['Patient/p1 of another server', condition('c1', 'https://other.example.org/Patient/p1').resource],
  ])('holds nothing of %s', async (_, resource) => {
    const { fhir } = await openedLaunch(answers({ resourceType: 'Bundle', entry: [{ resource }] }))
    await expect(fhir.search('Condition')).rejects.toMatchObject({ reason: 'other-patient' })
  })

  test('is not that of the patient whom the server gives instead', async () => {
    const { fhir } = await openedLaunch(answers({ resourceType: 'Patient', id: 'p2' }))
    await expect(fhir.read('Patient', 'p1')).rejects.toMatchObject({ reason: 'other-patient' })
  })

  test('takes nothing for another patient, and then asks nobody', async () => {
    let requests = 0
    const { fhir } = await openedLaunch({ fhir: () => (requests += 1) })
    const resource = {
      resourceType: 'Procedure',
      status: 'completed',
      subject: { reference: 'Patient/p2' },
    } as const
    await expect(fhir.create(resource)).rejects.toMatchObject({ reason: 'other-patient' })
    await expect(fhir.read('Condition', '../Patient/p2')).rejects.toMatchObject({ reason: 'no-id' })
    expect(requests).toBe(0)
  })

  test.each(['subject', 'patient', 'beneficiary'])('holds what names its patient as %s', async (owner) => {
    const resource = { resourceType: 'Coverage', id: 'c1', [owner]: { reference: 'Patient/p1' } }
    const { fhir } = await openedLaunch(answers({ resourceType: 'Bundle', entry: [{ resource }] }))
    expect((await fhir.search('Coverage')).resources.map(({ id }) => id)).toEqual(['c1'])
  })

  test('lets colleagues be read, who are no patients', async () => {
    const { fhir } = await openedLaunch(answers({ resourceType: 'Practitioner', id: 'd1' }))
    expect(await fhir.read('Practitioner', 'd1')).toMatchObject({ id: 'd1' })
  })

  test.each([
    [403, 'http-403'],
    [404, 'http-404'],
    [422, 'http-422'],
    [500, 'http-500'],
  ])('tells %i of the server by its number alone', async (status, reason) => {
    const { fhir } = await openedLaunch({
      fhir: (_request, reply) => reply.code(status).send({ resourceType: 'OperationOutcome', text: 'Ada' }),
    })
    const failure = await fhir.read('Patient', 'p1').catch((error: unknown) => error)
    expect(failure).toMatchObject({ reason, status })
    expect(JSON.stringify([failure, String(failure)])).not.toContain('Ada')
  })

  test.each([
    ['no JSON', '{"resourceType":'],
    ['another type', '{"resourceType":"Basic"}'],
    ['nothing', ''],
  ])('is not read from an answer that is %s', async (_, text) => {
    const { fhir } = await openedLaunch({
      fhir: (_request, reply) => reply.type('application/fhir+json').send(text),
    })
    await expect(fhir.read('Patient', 'p1')).rejects.toMatchObject({ reason: 'unreadable' })
  })
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

describe('F12: an answer', () => {
  let patience = 0
  const hastily: typeof ask = (url, question) => ask(url, { ...question, patience })
  beforeEach(() => {
    patience = 5000
  })

  test('that does not come in time is not waited for', async () => {
    const { fhir } = await openedLaunch({ fhir: () => new Promise(() => {}), setup: { ask: hastily } })
    patience = 200
    await expect(fhir.read('Patient', 'p1')).rejects.toMatchObject({ reason: 'too-slow' })
  })

  test('without end is not read to its end', async () => {
    const { fhir } = await openedLaunch({
      fhir: (_request, reply) => reply.type('application/fhir+json').send(`"${'x'.repeat(9_000_000)}"`),
    })
    await expect(fhir.read('Patient', 'p1')).rejects.toMatchObject({ reason: 'too-large' })
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
