/** What is fuzzed: where each input goes, what it begins with, and what no answer may be. */
import { request } from 'node:http'
import { hookCall, loadOrder, loadPatient } from '../../fhir-fixtures/load.ts'
import { queries } from '../language/vignette.ts'
import { assertValidAnswer } from '../support/answer.ts'
import { root } from '../support/evaluator.ts'
import { assertUsefulRefusal } from '../support/refusal.ts'
import type { Hospital } from './hospital.ts'

export const targetNames = ['hook', 'token', 'fhir', 'address'] as const
export type TargetName = (typeof targetNames)[number]

interface Target {
  seeds: readonly string[]
  /** What the inputs are made of. */
  words: readonly string[]
  /** Throws when the service did what it may not. */
  send(input: string): Promise<void>
}

/** Stands for the address of the FHIR server, which is another in each run. */
const fhirServer = '{fhir}'

/** No answer may cost more, in ms. */
const mostTime = 2000
/** How long an answer may be waited for on a busy machine, in ms. */
const patience = 25_000

const callPath = '/cds-services/lumbar-order-sign'
const day = '2026-11-21'
const examples = [
  ['acute-week-two', 'lumbar-mri'],
  ['cauda-equina', 'lumbar-ct'],
  ['opioid-chronic', 'oxycodone'],
  ['pregnant', 'lumbar-xray'],
] as const

export function targetOf(name: TargetName, hospital: Hospital): Target {
  return { hook: hookTarget, token: tokenTarget, fhir: fhirTarget, address: addressTarget }[name](hospital)
}

function hookTarget(hospital: Hospital): Target {
  return {
    seeds: examples.map(([patient, order]) => JSON.stringify(callOf(patient, order))),
    words: ['"', '{', '[', ',', '\\u0000', 'null', '1e999', '"__proto__":', 'Bundle', '-', '\ud800', '/'],
    send: (body) => inTime(() => calls(hospital, body)),
  }
}

/** The patient's list of problems is not sent, and comes from the FHIR server as the input says. */
function fhirTarget(hospital: Hospital): Target {
  const whole = callOf('acute-week-two', 'lumbar-mri')
  const { conditions, ...prefetch } = whole.prefetch
  const fhirAuthorization = {
    access_token: 'zebulon-token',
    token_type: 'Bearer',
    expires_in: 300,
    scope: 'patient/*.rs',
    subject: 'lumbar',
  }
  const call = JSON.stringify({ ...whole, prefetch, fhirServer: hospital.fhirServer, fhirAuthorization })
  const next = [{ relation: 'next', url: `${fhirServer}/Condition?page=2` }]
  return {
    seeds: [
      JSON.stringify(conditions),
      JSON.stringify({ ...conditions, link: next }),
      JSON.stringify({ resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'throttled' }] }),
    ],
    words: ['"', '{', '[', 'null', '"link":', '"next"', '"total":', fhirServer, 'http://', '1e999'],
    send: (answer) => {
      hospital.answersWith(answer.replaceAll(fhirServer, hospital.fhirServer))
      return inTime(() => calls(hospital, call))
    },
  }
}

/** What is no token of ours, as it was signed, may not open the door. */
function tokenTarget(hospital: Hospital): Target {
  const claims = { iss: 'https://ehr.example.org', aud: '{us}', iat: 'now', exp: 'soon', jti: 'seed' }
  const headers = [
    { alg: 'ES256', kid: 'fuzz', typ: 'JWT' },
    { alg: 'none', typ: 'JWT' },
    { alg: 'HS256', kid: 'fuzz', typ: 'JWT', jku: 'https://elsewhere.example/keys' },
  ]
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return {
    seeds: [
      ...headers.flatMap((header) =>
        [false, true].map((signed) => JSON.stringify({ signed, header, claims })),
      ),
      `Bearer ${encode(headers[0])}.${encode(claims)}.AAAA`,
      'Basic YTpi',
      '',
    ],
    words: [
      '.',
      '=',
      'Bearer ',
      'eyJ',
      'none',
      encode({ alg: 'none' }),
      encode({}),
      encode([]),
      ' ',
      ',',
      'A',
    ],
    send: (input) =>
      inTime(async () => {
        const made = tokenIn(input, hospital)
        const authorization = headerOf(made?.token ?? input)
        const { status, text } = await post(hospital, callPath, '{}', { authorization })
        // Signed with the key of the EHR it may be let in: then an empty call is refused.
        const allowed = made?.signed ? [400, 401, 431] : [401, 431]
        if (!allowed.includes(status) || (status === 401 && text !== ''))
          throw new Error(`a forged token was answered with ${status} ${text.slice(0, 200)}`)
      }),
  }
}

/** An object stands for the token that is made of its header and claims, and signed or not. */
function tokenIn(input: string, hospital: Hospital): { token: string; signed: boolean } | undefined {
  if (!input.startsWith('{')) return undefined
  const now = Math.floor(Date.now() / 1000)
  const times: Readonly<Record<string, unknown>> = { now, soon: now + 300, '{us}': hospital.url + callPath }
  try {
    const { signed, header, claims } = JSON.parse(input, (_, value) =>
      typeof value === 'string' ? (times[value] ?? value) : value,
    )
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value ?? null)).toString('base64url')
    const body = `${encode(header)}.${encode(claims)}`
    return {
      token: `Bearer ${body}.${signed ? hospital.signature(body) : 'A'.repeat(86)}`,
      signed: Boolean(signed),
    }
  } catch {
    return undefined
  }
}

/** What Node sends in a header; the rest never arrives anywhere. */
const headerOf = (text: string) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?').slice(0, 12_000)

function addressTarget(hospital: Hospital): Target {
  // An EHR that can be signed in to: what fails then is no fault of its.
  hospital.answersWith(
    JSON.stringify({
      authorization_endpoint: `${hospital.fhirServer}/authorize`,
      token_endpoint: `${hospital.fhirServer}/token`,
      code_challenge_methods_supported: ['S256'],
      capabilities: ['launch-ehr', 'launch-standalone', 'client-public', 'context-ehr-patient'],
    }),
  )
  return {
    seeds: [
      `/smart/launch?iss=${fhirServer}&launch=zebulon`,
      '/smart/callback?code=zebulon&state=eyJ.abc',
      '/smart/standalone',
      '/smart/o/AAAAAAAAAAAAAAAAAAAAAA/handout?language=es&parts=exercises',
      '/smart/o/AAAAAAAAAAAAAAAAAAAAAA/checklist',
      '/handouts/en/warning-signs',
      '/handouts/share/en/infographic.svg',
      '/handouts/infobutton?mainSearchCriteria.v.c=M54.5&mainSearchCriteria.v.cs=2.16.840.1.113883.6.90',
      '/pathway/rules/im01',
      '/pathway/search?q=fever',
      '/cds-services/lumbar-order-sign',
      '/cds-services/lumbar-order-sign/feedback',
      '/healthz',
    ],
    words: [
      '/',
      '//',
      '..',
      '%2f',
      '%00',
      '%',
      '%ff',
      '?',
      '&',
      '=',
      '#',
      '[]',
      '@',
      ':',
      'a'.repeat(300),
      'ü',
    ],
    send: (input) => inTime(() => asks(hospital, input)),
  }
}

async function asks(hospital: Hospital, input: string): Promise<void> {
  const path = `/${input.replaceAll(fhirServer, hospital.fhirServer)}`
    .replace(/^\/+(?=\/)/, '')
    .replace(/[^\x21-\x7e\x80-\xff]/g, '%20')
  const { status, text } = await post(hospital, path.slice(0, 12_000), undefined, {})
  if (status >= 500) throw new Error(`${status} ${text.slice(0, 200)}`)
}

async function calls(hospital: Hospital, body: string): Promise<void> {
  const authorization = `Bearer ${await hospital.token(callPath)}`
  const { status, text } = await post(hospital, callPath, body, { authorization })
  const answer: unknown = JSON.parse(text)
  if (status === 200) assertValidAnswer(answer, JSON.parse(body))
  else assertUsefulRefusal(status, answer)
}

interface Reply {
  status: number
  text: string
}

/** Without a body it is read. */
function post(
  { url }: Hospital,
  path: string,
  body: string | undefined,
  headers: Record<string, string>,
): Promise<Reply> {
  const bytes = Buffer.from(body ?? '')
  const sent =
    body === undefined ? {} : { 'content-type': 'application/json', 'content-length': bytes.length }
  return new Promise((resolve, reject) => {
    const asked = request(
      new URL(url),
      {
        path,
        method: body === undefined ? 'GET' : 'POST',
        headers: { ...sent, ...headers },
        timeout: patience,
      },
      (reply) => {
        let text = ''
        reply.setEncoding('utf8').on('data', (piece) => {
          text += piece
        })
        reply.on('error', reject).on('end', () => resolve({ status: reply.statusCode ?? 0, text }))
      },
    )
    asked.on('timeout', () => asked.destroy(new Error(`no answer within ${patience} ms`)))
    asked.on('error', reject)
    asked.end(bytes)
  })
}

/** In CPU of this process, service and sender together: a busy machine makes nothing dearer. */
async function inTime(work: () => Promise<void>): Promise<void> {
  const begun = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(begun)
  const ms = (user + system) / 1000
  if (ms > mostTime) throw new Error(`took ${ms.toFixed(0)} ms`)
}

/** A short call of an invented patient, whose name and id can be found again wherever they get to. */
function callOf(name: string, order: string) {
  const patient = loadPatient(root, name, day)
  const call = hookCall({
    patient,
    orders: [loadOrder(root, order)],
    hook: 'order-sign',
    queries,
    today: day,
  })
  const text = JSON.stringify(call)
    .replaceAll(`"${patient.patient.id}"`, '"zebulon-1"')
    .replaceAll(`Patient/${patient.patient.id}`, 'Patient/zebulon-1')
    .replace(/"family":"[^"]*"/g, '"family":"Quuxley"')
  return JSON.parse(text) as typeof call
}
