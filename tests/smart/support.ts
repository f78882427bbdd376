/** A hospital for tests of the SMART app: the app, the simulator and a small FHIR server, on one port of this machine. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { exportJWK, generateKeyPair } from 'jose'
import { onTestFinished } from 'vitest'
import { newKeys } from '../../sandbox/smart/answers.ts'
import type { Fault } from '../../sandbox/smart/faults.ts'
import { simulatorPart } from '../../sandbox/smart/routes.ts'
import { createSimulator, type Simulator } from '../../sandbox/smart/simulator.ts'
import type { Context } from '../../sandbox/smart/state.ts'
import { callbackOf, type Ehr } from '../../src/smart/launch/ehrs.ts'
import { type KeyRing, readKeyRing } from '../../src/smart/launch/keys.ts'
import { openSmart, type SmartSetup } from '../../src/smart/open-smart.ts'
import { harness } from '../hooks/support.ts'
import { Clock } from '../trust/support.ts'
import { Browser, type Visited } from './browser.ts'

const simulatorKeys = newKeys()

const patients = [
  {
    resourceType: 'Patient',
    id: 'p1',
    name: [{ text: 'Ada Alpha' }],
    birthDate: '1980-01-02',
    gender: 'female',
  },
  {
    resourceType: 'Patient',
    id: 'p2',
    name: [{ text: 'Ben Beta' }],
    birthDate: '1970-03-04',
    gender: 'male',
  },
]

export type ClientType = Ehr['client']['type']

export const secret = 'a secret of the hospital: ü & + %'

export async function newKeyRing(alg: 'ES384' | 'RS384' = 'ES384', kid = 'current'): Promise<KeyRing> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  return readKeyRing(JSON.stringify({ keys: [{ ...(await exportJWK(privateKey)), kid, alg }] }))
}

export interface Options {
  type?: ClientType
  ehr?: Partial<Ehr>
  setup?: Partial<SmartSetup>
  /** Of an app that runs elsewhere. */
  redirectUri?: string
  /** Answers FHIR requests in place of the small server. */
  fhir?: (request: FastifyRequest, reply: FastifyReply) => unknown
}

export interface Hospital {
  app: FastifyInstance
  base: string
  /** Of the FHIR server. */
  iss: string
  simulator: Simulator
  clock: Clock
  log: string[]
  /** FHIR requests, as `GET Patient/p1`, with what came as Authorization. */
  asked: { what: string; authorization: string | undefined }[]
  browser(): Browser
  /** An EHR launch in this browser, to its end. */
  launch(context?: Context, browser?: Browser): Promise<Visited>
  fail(...faults: Fault[]): void
  close(): Promise<void>
}

/** Closed after the test. */
export async function hospital(options: Options = {}): Promise<Hospital> {
  const opened = await openHospital(options)
  onTestFinished(() => opened.close())
  return opened
}

/** The clock stands still until a test moves it, at the real time so that libraries agree. */
export async function openHospital({
  type = 'public',
  ehr = {},
  setup = {},
  redirectUri,
  fhir,
}: Options = {}): Promise<Hospital> {
  let base = ''
  const clock = new Clock()
  clock.time = Math.floor(Date.now() / 1000) * 1000
  const asked: Hospital['asked'] = []
  const places = () => ({ base: `${base}/sandbox/fhir`, issuer: `${base}/sandbox/smart` })
  const simulator = createSimulator({
    isProduction: false,
    places,
    clients: () => [
      {
        id: 'lumbar',
        type,
        secret,
        jwksUrl: `${base}/smart/jwks.json`,
        redirectUris: [redirectUri ?? base + callbackOf(ehr)],
      },
    ],
    now: clock.now,
    keys: simulatorKeys,
  })
  const keys = type === 'asymmetric' ? await newKeyRing() : undefined
  const smart = openSmart({
    ehrs: () => [ehrFor({ iss: places().base, client: { id: 'lumbar', type }, secret, ...ehr })],
    publicUrl: () => base,
    ...(keys ? { keys } : {}),
    now: clock.now,
    ...setup,
  })
  const fhirServer = async (app: FastifyInstance) => {
    const answer = fhir ?? smallFhirServer(simulator)
    app.route({
      method: ['GET', 'POST'],
      url: '/sandbox/fhir/*',
      handler: (request, reply) => {
        const what = `${request.method} ${request.url.replace('/sandbox/fhir/', '')}`
        asked.push({ what, authorization: request.headers.authorization })
        return answer(request, reply)
      },
    })
  }
  const { app, log } = harness(undefined, {
    parts: [
      smart,
      simulatorPart({ simulator, listPatients: () => [{ id: 'p2', name: 'Ben Beta' }] }),
      fhirServer,
    ],
  })
  base = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    app,
    base,
    iss: places().base,
    simulator,
    clock,
    log,
    asked,
    browser: () => new Browser(),
    launch: (context = { patient: 'p1' }, browser = new Browser()) => {
      const query = new URLSearchParams({ iss: places().base, launch: simulator.newLaunch(context) })
      return browser.open(`${base}/smart/launch?${query}`)
    },
    fail: (...faults) => {
      for (const fault of faults) simulator.faults.add(fault)
    },
    close: () => app.close(),
  }
}

export function ehrFor(settings: Partial<Ehr> & Pick<Ehr, 'iss' | 'client'>): Ehr {
  return {
    name: 'Test hospital',
    'online-access': false,
    pkce: 'required',
    'frame-ancestors': [],
    'endpoint-origins': [],
    standalone: true,
    writeback: 'auto',
    ...settings,
  }
}

/** Reads of the patients that a token allows. */
function smallFhirServer(simulator: Simulator) {
  return (request: FastifyRequest, reply: FastifyReply) => {
    reply.type('application/fhir+json')
    const access = simulator.access(request.headers.authorization)
    if (!access) return reply.code(401).send({ resourceType: 'OperationOutcome' })
    const [, id] = /Patient\/([^/?]+)$/.exec(request.url) ?? []
    const found = patients.find((patient) => patient.id === id && id === access.context.patient)
    if (!found) return reply.code(404).send({ resourceType: 'OperationOutcome' })
    return reply.send(found)
  }
}

/** What a failed launch left in the log. */
export function refusalIn(log: readonly string[]): string | undefined {
  const lines = log.map((line) => JSON.parse(line) as { outcome?: string; reason?: string })
  return lines.findLast(({ outcome }) => outcome === 'smart-refused')?.reason
}
