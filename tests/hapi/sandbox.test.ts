/** The sandbox's first minute with HAPI FHIR behind it, by forms as a browser sends them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadPatient } from '../../fhir-fixtures/load.ts'
import { type FhirStore, openFhir } from '../../sandbox/ehr/fhir.ts'
import { seed } from '../../sandbox/hapi/seed.ts'
import { todayIn } from '../../src/cli/run.ts'
import { root } from '../support/evaluator.ts'
import { type Service, startService } from '../support/service.ts'
import { describeWithHapi } from './support.ts'

const patience = 120_000

/** A patient of its own: what is signed here changes no other test. */
const patient = 'sandbox-story'

describeWithHapi('The sandbox with HAPI FHIR', (hapi) => {
  let service: Service
  let fhir: FhirStore
  let cookie = ''

  beforeAll(async () => {
    const fixture = loadPatient(root, 'acute-week-two', todayIn('America/Los_Angeles'))
    fhir = openFhir(hapi.base)
    const own = JSON.stringify(fixture.resources).replaceAll('acute-week-two', patient)
    await seed(hapi.base, JSON.parse(own))
    service = await startService(
      { fhir: { 'deadline-ms': 10_000 } },
      { NODE_ENV: 'development', SANDBOX_FHIR: hapi.base },
    )
  }, patience)
  afterAll(() => service?.stop())

  async function page(path: string, fields?: Record<string, string>): Promise<string> {
    const form = fields && { method: 'POST', body: new URLSearchParams(fields) }
    const answer = await fetch(service.url + path, { ...form, redirect: 'manual', headers: { cookie } })
    const [set] = answer.headers.getSetCookie()
    if (set !== undefined) cookie = set.replace(/;.*$/, '')
    const next = answer.headers.get('location')
    return next === null ? answer.text() : page(next)
  }
  const move = (name: string, fields: Record<string, string> = {}) =>
    page(`/sandbox/do/${name}?patient=${patient}`, fields)
  const notNow = 'imaging now is unlikely to help'
  const education = 'Low back pain education: stay active, use heat, most back pain settles in weeks'

  describe('in order', () => {
    it('shows the card of a deep link, with the prefetch that HAPI answered', {
      timeout: patience,
    }, async () => {
      const text = await page(`/sandbox?patient=${patient}&order=lumbar-mri`)
      expect(text).toContain(notNow)
      expect(text).toContain('sent: one Patient')
    })

    it('PF-10: shows the same card when the service must read from HAPI itself', {
      timeout: patience,
    }, async () => {
      const text = await move('settings', {
        profile: 'standard',
        sharesFhir: 'yes',
        'key-conditions': 'withhold',
        'key-encounters': 'withhold',
      })
      expect(text).toContain('left out')
      expect(text).toContain(notNow)
    })

    it('signs the education that was taken up instead of the scan', { timeout: patience }, async () => {
      const text = await page(`/sandbox?patient=${patient}`)
      const [, card = ''] = /name="card" value="([^"]+)"/.exec(text) ?? []
      const [, at = ''] =
        /name="suggestion" value="(\d+)"[^>]*>[^<]*give back-pain education/i.exec(text) ?? []
      expect(await move('accept', { card, suggestion: at })).toContain('Done:')
      expect(await move('review')).toContain(`Signed: ${education}`)
      const orders = await fhir.search('ServiceRequest', `patient=${patient}`)
      expect(orders.map(({ status, code }) => [status, code?.text])).toEqual([['active', education]])
    })
  })
})
