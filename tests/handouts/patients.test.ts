/** The invented patients, from their charts to what they are given: the facts that decide are those of the pathway. */
import { describe, expect, it } from 'vitest'
import { hookCall, listPatients, loadOrder, loadPatient } from '../../fhir-fixtures/load.ts'
import { compileFacts } from '../../src/facts/find-facts.ts'
import { composeHandout, factsAsked, namesIn } from '../../src/handouts/compose.ts'
import { libraryOf } from '../../src/handouts/model.ts'
import { content, explainBody } from '../support/evaluated.ts'
import { root } from '../support/evaluator.ts'

const today = '2026-11-21'
const finder = compileFacts(content)
const names = namesIn(libraryOf(content))

async function given(patient: string, order: string) {
  const body = hookCall({
    patient: loadPatient(root, patient, today),
    orders: [loadOrder(root, order)],
    hook: 'order-sign',
    queries: content.queries,
    today,
  })
  const { record, orders } = await explainBody(body, today)
  const facts = finder.open(record, today).find(orders[0] ?? finder.openedChart, factsAsked(content))
  return composeHandout(content, facts, { language: 'en' }).fitting
}

const warningSigns = names.filter((name) => name.startsWith('warning-signs/'))

describe('An invented patient', () => {
  it.each(
    listPatients(root).flatMap((patient) => ['lumbar-mri', 'oxycodone'].map((order) => [patient, order])),
  )('is told when to call: %s, %s', async (patient = '', order = '') => {
    expect(await given(patient, order)).toEqual(expect.arrayContaining(warningSigns))
  })

  it.each([
    [
      'acute-week-two',
      'lumbar-mri',
      ['no-scan-yet/harms', 'exercises/walking', 'medicines/nsaids'],
      ['opioids/risks'],
    ],
    ['acute-week-two', 'oxycodone', ['opioids/what-they-are', 'opioids/stay-safe'], ['no-scan-yet/harms']],
    ['acute-sciatica', 'lumbar-mri', ['who-can-help/physical-therapist'], ['exercises/bridge']],
    ['cancer-history', 'lumbar-mri', ['what-helps/heat'], ['no-scan-yet/harms', 'who-can-help/chiropractor']],
    ['long-steroid', 'lumbar-mri', ['what-helps/heat'], ['no-scan-yet/harms', 'exercises/walking']],
    ['osteoporosis', 'lumbar-mri', ['what-helps/heat'], ['exercises/walking', 'who-can-help/chiropractor']],
    ['pregnant', 'lumbar-mri', ['medicines/nsaid-cautions'], ['medicines/nsaids', 'no-scan-yet/harms']],
    [
      'opioid-chronic',
      'oxycodone',
      ['opioids/already-taking'],
      ['opioids/what-they-are', 'opioids/if-you-get-them'],
    ],
    [
      'chronic-flare',
      'lumbar-mri',
      ['back-pain/how-long'],
      ['back-pain/what-to-expect', 'no-scan-yet/harms'],
    ],
    ['subacute-no-care', 'lumbar-mri', ['what-helps/keep-moving'], ['no-scan-yet/harms']],
    ['undated-pain', 'lumbar-mri', ['what-helps/keep-moving'], ['no-scan-yet/harms']],
  ])('is given what fits: %s, %s', async (patient, order, shown, hidden) => {
    const sections = await given(patient, order)
    expect(sections).toEqual(expect.arrayContaining(shown))
    expect(hidden.filter((name) => sections.includes(name))).toEqual([])
  })

  it.each(['cauda-equina', 'foot-drop', 'hospice', 'teenager'])(
    'is given nothing else where the other pages would mislead: %s',
    async (patient) => {
      expect(await given(patient, 'lumbar-mri')).toEqual(warningSigns)
    },
  )
})
