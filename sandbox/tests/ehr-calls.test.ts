/** The mock EHR's side of a call: its tokens, Epic's shape, reading the answer, launching an app. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { MedicationRequest } from 'fhir/r4.js'
import { describe, expect, it } from 'vitest'
import { realContent, root } from '../../tests/support/evaluator.ts'
import { hospital, iss, outcome, publicUrl, sign } from '../../tests/trust/support.ts'
import { readCards } from '../ehr/answer.ts'
import { makeCatalog } from '../ehr/catalog.ts'
import { asCurl } from '../ehr/curl.ts'
import { epicDraftId, epicDrafts, epicExtension, epicPrefetch } from '../ehr/epic.ts'
import { isOurAddress, isOwnForm } from '../ehr/guarding.ts'
import { launch, launchUrl } from '../ehr/launch.ts'
import { clientProfiles, makeSigners } from '../ehr/tokens.ts'

describe('A token of the sandbox', async () => {
  const signers = await makeSigners()

  it.each(clientProfiles)(
    'SEC-5, SEC-6: of the profile %s is good for the one address that it names',
    async (profile) => {
      const { alg, jwk, sign: make } = signers[profile]
      const { verify, clock } = hospital([], {
        jwks: { keys: [{ kty: 'EC', ...jwk, kid: String(jwk.kid) } as never] },
        'jwks-url': undefined,
        algorithms: [alg],
      })
      const token = (id: string) => make({ issuer: iss, audience: publicUrl + sign, id, now: clock.now() })
      expect(await outcome(verify, await token('1'))).toMatchObject({ issuer: iss, jti: '1' })
      expect(await outcome(verify, await token('2'), '/cds-services/lumbar-order-select')).toBe(
        'wrong-audience',
      )
      expect(await outcome(verify, await token('1'))).toBe('replayed')
    },
  )

  it('shows no private key', () => {
    for (const { jwk } of Object.values(signers)) expect(jwk).not.toHaveProperty('d')
  })
})

describe('As Epic', () => {
  const order: MedicationRequest = {
    resourceType: 'MedicationRequest',
    id: epicDraftId(),
    status: 'draft',
    intent: 'order',
    subject: { reference: 'Patient/p1' },
    medicationCodeableConcept: { text: 'a drug', coding: [{ system: 's', code: 'c', display: 'A drug' }] },
  }

  it('draft orders have ids of 194 characters, longer than FHIR allows', () => {
    expect(epicDraftId()).toMatch(/^[A-Za-z0-9.-]{194}$/)
    expect(epicDraftId()).not.toBe(epicDraftId())
  })

  it('a medicine stands beside its order, coded without display', () => {
    const [sent, medication] = epicDrafts([order])
    expect(sent).not.toHaveProperty('medicationCodeableConcept')
    expect(medication).toMatchObject({
      resourceType: 'Medication',
      code: { text: 'a drug', coding: [{ system: 's', code: 'c' }] },
    })
    expect((sent as MedicationRequest).medicationReference?.reference).toBe(`Medication/${medication?.id}`)
  })

  it('references in prefetch are absolute, and an empty search says so in an entry', () => {
    const base = 'https://ehr.example.org/fhir'
    expect(epicPrefetch(order, base)).toMatchObject({ subject: { reference: `${base}/Patient/p1` } })
    const empty = epicPrefetch({ resourceType: 'Bundle', type: 'searchset', total: 0 }, base)
    expect(empty).toMatchObject({ entry: [{ resource: { issue: [{ severity: 'warning' }] } }] })
  })

  it('each hook names what triggered it', () => {
    const trigger = 'com.epic.cdshooks.request.bpa-trigger-action'
    const triggers = (['patient-view', 'order-select', 'order-sign'] as const).map(
      (hook) => (epicExtension(hook) as Record<string, string>)[trigger],
    )
    expect(triggers).toEqual(['60', '18', '23'])
  })
})

describe('Of an answer', () => {
  const card = { summary: 'Do it', indicator: 'info', source: { label: 'A guideline' } }

  it('the most urgent card is shown first', () => {
    const cards = ['info', 'critical', 'warning'].map((indicator) => ({ ...card, indicator }))
    expect(readCards({ cards }).cards.map(({ indicator }) => indicator)).toEqual([
      'critical',
      'warning',
      'info',
    ])
  })

  it.each([
    ['suggestions without selectionBehavior (section 7a)', { suggestions: [{ label: 'x' }] }],
    [
      'a link that is no web address',
      { links: [{ label: 'x', type: 'absolute', url: 'javascript:alert(1)' }] },
    ],
    ['an indicator of before 1.0', { indicator: 'hard-stop' }],
    ['no summary', { summary: ' ' }],
  ])('a card with %s is not shown, and the others are', (_, more) => {
    const read = readCards({ cards: [{ ...card, ...more }, card] })
    expect(read.cards).toHaveLength(1)
    expect(read.problems).toHaveLength(1)
  })

  it.each([[undefined], [null], [{}], [{ cards: {} }], ['cards']])('%o has no cards', (body) => {
    expect(readCards(body)).toMatchObject({
      cards: [],
      problems: [expect.stringContaining('no list of cards')],
    })
  })
})

describe('Search among orders', () => {
  const catalog = makeCatalog(root, realContent())

  it('offers the usual ones before anybody searches', () => {
    expect(catalog.search('', 12).map(({ key }) => key)).toContain('lumbar-mri')
  })

  it.each([
    ['lumbar mri', 'lumbar-mri'],
    ['oxycodone 5', 'oxycodone'],
    ['xray lumbar', 'lumbar-xray'],
  ])('finds %s among the first', (words, key) => {
    expect(catalog.search(words, 3).map((entry) => entry.key)).toContain(key)
  })

  it('finds others of the value sets, which can be ordered by their key', () => {
    const [first] = catalog.search('hydromorphone', 12)
    expect(first?.order).toMatchObject({ resourceType: 'MedicationRequest', status: 'draft' })
    expect(catalog.find(first?.key ?? '')).toBe(first)
  })

  it('finds nothing by nonsense', () => {
    expect(catalog.search('zzzz', 12)).toEqual([])
  })
})

it('A call as curl is its address and its body, with no quote that a shell would read', () => {
  const command = asCurl('http://127.0.0.1:1/x', { words: "it's $HOME `id`" })
  const [first, ...rest] = command.split('\n')
  expect(first).toBe("curl --silent --json @- 'http://127.0.0.1:1/x' <<'END-OF-CALL'")
  expect(JSON.parse(rest.slice(0, -1).join('\n'))).toEqual({ words: "it's $HOME `id`" })
})

describe('A SMART link', () => {
  const link = {
    label: 'Handout',
    url: 'https://app.example.org/launch?lang=es',
    type: 'smart' as const,
    appContext: 'x',
  }
  const context = { patient: 'p1', encounter: 'e1', user: 'Practitioner/1' }

  async function asking(status: number, answer: string) {
    const bodies: string[] = []
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => (body += chunk))
      request.on('end', () => {
        bodies.push(`${request.method} ${request.url} ${body}`)
        response.writeHead(status, { 'content-type': 'application/json' }).end(answer)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const fhirBase = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`
    const launched = await launch(link, { ...context, fhirBase })
    server.close()
    return { launched, bodies, fhirBase }
  }

  it('asks for a launch id with patient, visit and appContext, and leads to the app with it (LNK-3)', async () => {
    const { launched, bodies, fhirBase } = await asking(200, '{"launch_id":"l1"}')
    expect(launched).toEqual({ url: launchUrl(link.url, fhirBase, 'l1') })
    expect(new URL(launchUrl(link.url, fhirBase, 'l1')).searchParams.get('lang')).toBe('es')
    const [asked = ''] = bodies
    expect(asked).toContain('POST /fhir/_services/smart/Launch')
    expect(asked).toContain(
      '"parameters":{"patient":"p1","user":"Practitioner/1","encounter":"e1","appContext":"x"}',
    )
  })

  it.each([
    [404, ''],
    [200, '{}'],
    [200, 'no JSON'],
  ])('says so when the server answers %i %s', async (status, answer) => {
    const { launched } = await asking(status, answer)
    expect(launched).toMatchObject({ problem: expect.stringContaining('cannot launch SMART apps') })
  })
})

describe('The sandbox', () => {
  it.each([
    ['127.0.0.1:3000', true],
    ['localhost:3000', true],
    ['[::1]:3000', true],
    ['127.0.0.1.example.org', false],
    ['evil.example:3000', false],
  ])('answers to the name %s: %s', (host, answers) => {
    expect(isOurAddress(host)).toBe(answers)
  })

  it.each([
    ['a page of its own', { 'sec-fetch-site': 'same-origin', origin: 'null' }, true],
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, false],
    [
      'another port of this machine',
      { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:8080' },
      false,
    ],
    ['an old browser on another site', { origin: 'https://evil.example', host: '127.0.0.1:3000' }, false],
    ['an old browser on its own page', { origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' }, true],
    ['curl', { host: '127.0.0.1:3000' }, true],
  ])('takes a form of %s: %s', (_, headers, isTaken) => {
    expect(isOwnForm({ headers })).toBe(isTaken)
  })
})
