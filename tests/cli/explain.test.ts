/** `npm run explain` as a person runs it, and the checks of content and docs as processes of their own. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FhirResource } from 'fhir/r4.js'
import { describe, expect, it } from 'vitest'
import { hookCall, loadOrder, loadPatient } from '../../fhir-fixtures/load.ts'
import { explain } from '../../src/cli/explain.ts'
import { root } from '../support/evaluator.ts'
import { content, npmRun, ran, summaryOf } from './commands.ts'

describe('npm run explain', () => {
  it('is a command of its own that ends well', async () => {
    const { code, out, err } = await npmRun('explain', 'cauda-equina', 'lumbar-mri')
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/– IM01 [^:]+: holds, and is quieted by RF04a/)
    expect(out).toContain(`CRITICAL ${summaryOf('RF04a')}`)
  })

  it('tells facts with their evidence, every rule, who is heard, and the card', async () => {
    const { code, out } = await ran(explain, 'acute-week-two', 'lumbar-mri')
    expect(code).toBe(0)
    expect(out).toMatch(/onset-days 9 .*Condition\/acute-week-two-back-pain/)
    expect(out).toMatch(/● IM01 .* onset-days is under 42 days\? 9/)
    expect(out).toMatch(/○ IM06 [^:]+: sciatica is no/)
    expect(out).toMatch(/▶ IM01 [^:]+: gives the headline\./)
    expect(out).toContain(summaryOf('IM01'))
    for (const { code: rule } of content.rules.filter(({ on }) => on.includes('lumbar-imaging'))) {
      expect(out).toContain(` ${rule} `)
    }
  })

  it('says of an opened chart with cauda equina signs what to do now, before any order', async () => {
    const { code, out } = await ran(explain, 'cauda-equina', '--hook', 'patient-view')
    expect(code).toBe(0)
    expect(out).toMatch(/▶ RF04d [^:]+: gives the headline\./)
    expect(out).toMatch(/– CV01 [^:]+: holds, and is quieted by RF04/)
    expect(out).toContain(`CRITICAL ${summaryOf('RF04d')}`)
    expect(out).toContain('Send to the emergency department recommended')
  })

  it('explains a call that an EHR made and somebody kept, and how each entry was read', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'lumbar-')), 'call.json')
    const patient = loadPatient(root, 'acute-week-two', '2026-11-21')
    const inWords = {
      resourceType: 'Condition',
      id: 'words',
      subject: { reference: `Patient/${patient.patient.id}` },
      recordedDate: '2026-11-19',
      code: { text: 'Cauda equina syndrome' },
    }
    const call = hookCall({
      patient: { ...patient, resources: [...patient.resources, inWords as FhirResource] },
      orders: [loadOrder(root, 'lumbar-mri')],
      hook: 'order-sign',
      queries: content.queries,
      today: '2026-11-21',
    })
    writeFileSync(file, JSON.stringify(call))
    const { code, out } = await ran(explain, '--request', file, '--today', '2026-11-21')
    expect(code).toBe(0)
    expect(out).toMatch(
      /cauda-equina-coded +yes +Cauda equina syndrome 2026-11-19 \(Condition\/words, in words\)/,
    )
    expect(out).toContain('RF04a')
  })

  it('says what is wrong with a file that is no call', async () => {
    const { code, err } = await ran(explain, '--request', join(tmpdir(), 'there-is-no-such-call.json'))
    expect(code).toBe(2)
    expect(err).toContain('cannot be read')
  })

  it('tells what quieted a rule that holds', async () => {
    const { out } = await ran(explain, 'cancer-history', 'lumbar-mri')
    expect(out).toMatch(/– IM01 [^:]+: holds, and is quieted by RF01b/)
    expect(out).toContain('Nothing is shown.')
  })

  it('tells which gate closed', async () => {
    const { out } = await ran(explain, 'teenager', 'lumbar-mri')
    expect(out).toMatch(/✕ G03 [^:]+: nothing is said\./)
  })

  it('shows the trees of all rules when asked', async () => {
    const { out } = await ran(explain, 'acute-week-two', 'lumbar-mri', '--all')
    expect(out).toMatch(/○ IM06 .* ○ all of ● onset-days is under 42 days\? 9 ○ sciatica is yes\? no/)
    expect(out).toMatch(/cauda-equina-sign no/)
  })

  it('fails as kindly as try does', async () => {
    const { code, err } = await ran(explain, 'acute-weektwo', 'lumbar-mri')
    expect(code).toBe(2)
    expect(err).toContain('Did you mean "acute-week-two"?')
  })
})

describe('npm run check and docs:check', () => {
  it('find the content sound and the pages current', async () => {
    const [check, docs] = await Promise.all([npmRun('check'), npmRun('docs', '--check')])
    expect(check).toMatchObject({ code: 0, out: expect.stringMatching(/^content is sound: \d+ rules/) })
    expect(docs).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+ generated files are current$/) })
  })
})
