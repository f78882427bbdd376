/** Clients that declare CDS Hooks 3.0 in their calls, by `hookVersion`, beside those of 2.0 and those that the site lists. */
import { describe, expect, test } from 'vitest'
import { parseCall, readBySchema } from '../../src/hooks/call.ts'
import { services } from '../../src/hooks/services.ts'
import { gist } from '../support/evaluated.ts'
import {
  bodies,
  newer,
  older,
  page,
  serviceOf,
  sign,
  withFeature,
  withoutFeature,
  withRefusal,
} from './version-3-service.ts'

const standard = 'http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes'
const declaring = (body: object | undefined, hookVersion: unknown) => ({ ...body, hookVersion })
/** Ids count on with each call. */
const plain = (text: string) => text.replace(/"uuid":"[^"]*"/g, '"uuid":""')
/** What only answers by 3.0 hold. */
const ofVersion3 = /non-adherence|actionSelectionBehavior|hookVersion/

describe('A call that declares 3.0 by hookVersion', () => {
  const service = serviceOf(withoutFeature)

  test.each([
    ['the address of 2.0', sign],
    ['the address of 3.0', `/3.0${sign}`],
  ])('DISC-11: is answered by it at %s, though the site lists nobody', async (_where, path) => {
    const { services: told } = (await service.discovery('/3.0/cds-services')).json()
    const { hookVersion } = told.find(({ hook }: { hook: string }) => hook === 'order-sign')
    const answer = await service.send(older, path, declaring(bodies[0], hookVersion))
    expect(answer.statusCode).toBe(200)
    const [card] = answer.json().cards
    expect(card.overrideReasons.map(({ system }: { system: string }) => system)).toContain(standard)
    const byList = await serviceOf(withFeature).send(newer, `/3.0${sign}`, bodies[0] ?? {})
    expect(plain(answer.body)).toBe(plain(byList.body))
  })

  test('SUG-5: is not offered what the hospital did not say that its EHR can do', async () => {
    const answer = await service.send(older, sign, declaring(bodies[1], '1.0'))
    expect(answer.json().cards.length).toBeGreaterThan(0)
    expect(answer.body).not.toContain('actionSelectionBehavior')
    const listed = await serviceOf(withFeature).send(newer, sign, declaring(bodies[1], '1.0'))
    expect(listed.body).toContain('actionSelectionBehavior')
  })

  test.each(['1', '1.0', '1.0.0', ' 1.1 ', '3', '3.0', '3.0.0', '3.0.0-ballot'])(
    'may say %j',
    async (said) => {
      const answer = await service.send(older, sign, declaring(bodies[0], said))
      expect([answer.statusCode, ofVersion3.test(answer.body)]).toEqual([200, true])
    },
  )

  test.each(['2', '2.0', '2.0.1', null])('GEN-2: is one of 2.0 where it says %j', async (said) => {
    const [with2, without] = [
      await service.send(older, sign, declaring(bodies[0], said)),
      await service.send(older, sign, bodies[0] ?? {}),
    ]
    expect(plain(with2.body)).toBe(plain(without.body))
    expect(with2.body).not.toMatch(ofVersion3)
    expect((await service.send(older, `/3.0${sign}`, declaring(bodies[0], said))).statusCode).toBe(404)
  })

  const odd: unknown[] = [
    ...[1, 3.0, true, '', ' ', 'three', '4.0', '0.9', '1.', '1.0.0.0', '-1', '1,0', 'v1.0', '3.0.0-', '３.0'],
    ...[['1.0'], { version: '1.0' }, `1.${'0'.repeat(100_000)}`, '1.0\u0000', '1.0"}'],
  ]
  test.each(odd.map((each) => [String(JSON.stringify(each)).slice(0, 20), each]))(
    'RSP-4: is told what to send where it says %s',
    async (_what, said) => {
      for (const path of [sign, `/3.0${sign}`]) {
        const answer = await service.send(older, path, declaring(bodies[0], said))
        expect(answer.statusCode).toBe(400)
        const [issue] = answer.json().issue
        expect(issue.diagnostics).toContain('Send `hookVersion` as a text: `1.0`')
        expect(issue.expression ?? issue.location).toEqual(['hookVersion'])
        expect(answer.body.length).toBeLessThan(1000)
      }
    },
  )

  test('is read the same by the schema and beside it', () => {
    const [, service] = services
    for (const said of [undefined, null, '1.0', '2.0', '3.0.0-ballot']) {
      const body = declaring(bodies[0], said)
      expect(parseCall(body, service)).toEqual(readBySchema(body, service))
    }
  })

  test('is answered by 2.0 where the hospital says that of its EHR', async () => {
    const refusing = serviceOf(withRefusal)
    const answer = await refusing.send(newer, sign, declaring(bodies[0], '1.0'))
    expect([answer.statusCode, ofVersion3.test(answer.body)]).toEqual([200, false])
    expect((await refusing.send(newer, `/3.0${sign}`, declaring(bodies[0], '1.0'))).statusCode).toBe(404)
  })
})

describe('Side by side', () => {
  test('clients of 2.0 see not one byte of 3.0, and clients of 3.0 see all of it', async () => {
    const [alone, shared] = [serviceOf(withoutFeature), serviceOf(withFeature)]
    const before = []
    for (const body of bodies) before.push(plain((await alone.send(older, sign, body)).body))
    // All at once, each in three ways.
    const answers = await Promise.all(
      bodies.map((body) =>
        Promise.all([
          shared.send(older, sign, body),
          shared.send(older, sign, declaring(body, '1.0')),
          shared.send(newer, `/3.0${sign}`, body),
        ]),
      ),
    )
    const discovered = await Promise.all([
      alone.discovery('/cds-services'),
      shared.discovery('/cds-services'),
      shared.discovery('/3.0/cds-services'),
    ])
    expect(answers.map(([old]) => plain(old.body))).toEqual(before)
    for (const [old, declared, listed] of answers) {
      expect([old, declared, listed].map(({ statusCode }) => statusCode)).toEqual([200, 200, 200])
      expect(old.body).not.toMatch(ofVersion3)
      expect(gist(declared.json().cards)).toEqual(gist(old.json().cards))
      expect(gist(listed.json().cards)).toEqual(gist(old.json().cards))
      expect(plain(declared.body)).toBe(plain(listed.body).replace(/,"actionSelectionBehavior":"any"/g, ''))
    }
    expect(answers.filter(([, { body }]) => body.includes(standard)).length).toBeGreaterThan(2)
    const [bare, old, young] = discovered
    expect(old?.rawPayload).toEqual(bare?.rawPayload)
    expect(old?.headers).toEqual({ ...bare?.headers, date: old?.headers.date })
    expect(old?.body).not.toMatch(/hookVersion|today\(\)|resolve\(\)/)
    expect(young?.body).toMatch(/"hookVersion":"1.0"/)
  })

  test('SEC-13: pages of a listed origin call at both addresses, and others at none', async () => {
    const { asks, reads } = serviceOf(withFeature)
    for (const base of ['', '/3.0']) {
      for (const path of [`${base}${sign}`, `${base}${sign}/feedback`]) {
        const answer = await asks(path, page)
        expect([path, answer.statusCode, answer.headers['access-control-allow-origin']]).toEqual([
          path,
          204,
          page,
        ])
        const other = await asks(path, 'https://evil.example')
        expect(other.headers['access-control-allow-origin']).toBeUndefined()
      }
      const { statusCode, headers } = await reads(`${base}/cds-services`, page)
      expect([base, statusCode, headers['access-control-allow-origin']]).toEqual([base, 200, page])
      const other = await reads(`${base}/cds-services`, 'https://evil.example')
      expect(other.headers['access-control-allow-origin']).toBeUndefined()
    }
  })
})
