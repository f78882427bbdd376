/** Lists that begin on a day, as a client of CDS Hooks 3.0 may send them: less is sent, and the same is said. */
import type { ImagingStudy } from 'fhir/r4.js'
import { describe, expect, test } from 'vitest'
import { fill } from '../../sandbox/ehr/prefetch.ts'
import { createEvaluator } from '../../src/evaluate.ts'
import { Gaps } from '../../src/facts/lookups.ts'
import { parseCall } from '../../src/hooks/call.ts'
import { services } from '../../src/hooks/services.ts'
import { gatherOrders } from '../../src/record/gather.ts'
import type { Vignette } from '../language/vignette.ts'
import { toCall } from '../support/call.ts'
import { content, gist, vignettes, withSite } from '../support/evaluated.ts'
import { signCall } from './support.ts'

const today = '2026-03-02'

describe('Lists that begin on a day', () => {
  const { windows } = createEvaluator(content, { today: () => today, newId: () => 'x' })
  const about = vignettes.filter(({ hook }, at) => hook !== 'patient-view' && at % 12 === 0)
  const done = [30, 363, 364, 365, 366, 367, 368, 369, 900]

  const back = (days: number, from: string) =>
    fill(`{{today() - ${days} days}}`, {}, { context: {}, today: from }) ?? ''

  /** A scan of that many days ago, as a study. Reports come whole: an old one may tell of screws in the spine. */
  const studyOf = (ago: number, day: string): ImagingStudy => ({
    resourceType: 'ImagingStudy',
    id: `study-${ago}`,
    status: 'available',
    procedureCode: [{ coding: [{ system: 'http://www.ama-assn.org/go/cpt', code: '72148' }] }],
    subject: { reference: 'Patient/vignette-patient' },
    started: back(ago, day),
  })

  test.each(done)('PF-7: with a scan %i days ago less is sent, and the same is said', async (ago) => {
    for (const vignette of about) {
      const body = toCall(vignette)
      const study = studyOf(ago, vignette.today)
      const from = back(windows('order-sign').get('ImagingStudy') ?? 0, vignette.today)
      const sent = (list: readonly ImagingStudy[]) => ({
        ...body,
        prefetch: {
          ...body.prefetch,
          imagingStudies: {
            resourceType: 'Bundle',
            type: 'searchset',
            entry: list.map((resource) => ({ resource })),
          },
        },
      })
      const service = services.find(({ hook }) => hook === body.hook) ?? services[0]
      const evaluator = evaluatorOf(vignette)
      const whole = await evaluator.explain(parseCall(sent([study]), service))
      const cut = await evaluator.explain({
        ...parseCall(sent([study].filter(({ started = '' }) => started >= from)), service),
        version: '3.0',
      })
      expect([vignette.vignette, gist(cut.cards)]).toEqual([vignette.vignette, gist(whole.cards)])
    }
  })

  test('PF-12: prove nothing of the days before', async () => {
    const prefetch = { patient: null, diagnosticReports: { resourceType: 'Bundle', entry: [] } }
    const call = parseCall(signCall({}, { prefetch }), services[1])
    const since = new Map([
      ['diagnosticReports', 20_000],
      ['imagingStudies', 20_000],
    ])
    const { record } = await gatherOrders(call, content.queries, undefined, since)
    expect([record.completeness('DiagnosticReport'), record.wholeFrom('DiagnosticReport')]).toEqual([
      'partial',
      20_000,
    ])
    // What did not come at all was not windowed either.
    expect([record.completeness('ImagingStudy'), record.wholeFrom('ImagingStudy')]).toEqual([
      'missing',
      undefined,
    ])
    const gaps = new Gaps(record, content, 20_100)
    expect(gaps.among(['DiagnosticReport'], 100)).toEqual([])
    expect(gaps.among(['DiagnosticReport'], 101)).toEqual(['DiagnosticReport'])
    expect(gaps.among(['DiagnosticReport'])).toEqual(['DiagnosticReport'])
  })
})

const evaluators = new Map<string, ReturnType<typeof createEvaluator>>()
function evaluatorOf(vignette: Vignette) {
  const name = `${vignette.today} ${JSON.stringify(vignette.site)}`
  const known =
    evaluators.get(name) ??
    createEvaluator(withSite(vignette), { today: () => vignette.today, newId: () => 'x' })
  evaluators.set(name, known)
  return known
}
