/** The exported package: what it holds, that it is whole, and that its rules say what the service says. */
import type { FhirResource, Library, PlanDefinition, ValueSet } from 'fhir/r4.js'
import { describe, expect, test } from 'vitest'
import { answersOf } from '../../src/checklist/book.ts'
import { responseOf } from '../../src/checklist/questionnaire.ts'
import { packageOf } from '../../src/export/package.ts'
import { rowsOfSets } from '../../src/export/resources.ts'
import type { Known } from '../../src/pathway/known.ts'
import { content, explain, vignettes } from '../support/evaluated.ts'
import { addDays } from '../support/when.ts'
import { compareCharts } from './chart.ts'
import { chartEngineOf } from './chart-engine.ts'
import { chart, compareAll, exportable, rules } from './compare.ts'
import { engineOf } from './engine.ts'

const { rules: elm } = exportable.elm
const files = packageOf(content, exportable, { date: '2026-11-21' })
const resources = [...files].flatMap(([path, text]): FhirResource[] =>
  /^package\/[A-Z].*\.json$/.test(path) ? [JSON.parse(text)] : [],
)
const ofType = <T extends FhirResource>(type: T['resourceType']) =>
  resources.filter((resource): resource is T => resource.resourceType === type)

describe('The rules in CQL', () => {
  // All of them take a minute of CPU: `npm run export -- --compare`. Here one in twelve.
  test('say what `decide` says, verdict by verdict', async () => {
    const { cases, verdicts, differences } = await compareAll({ events: 360, oneOf: 12 })
    expect(differences).toEqual([])
    expect(cases).toBeGreaterThan(80)
    expect(verdicts).toBeGreaterThan(5000)
  })

  test('say of nothing known: unknown, and no advice against an order', async () => {
    const told = await engineOf(elm, rules)(new Map())
    for (const { code } of content.rules) expect([code, told[code]]).toEqual([code, null])
    for (const { name, rule } of rules.speaking) expect([rule.code, told[name]]).toEqual([rule.code, false])
  })

  test('have a define for every rule and every number that a rule compares with', () => {
    for (const { code } of content.rules) expect(rules.text).toContain(`define "${code}":`)
    expect(rules.text).toContain('define "imaging-wait-days": 42.0')
  })

  test('are found different where one is changed', async () => {
    const bent = elm.replace('"value":"42.0"', '"value":"4.0"')
    expect(bent).not.toBe(elm)
    const facts = new Map([['onset-days', { value: { low: 20, high: 20 }, evidence: [], gaps: [] }]])
    const told = await engineOf(elm, rules)(facts)
    // As docs/export.md has it: the pain is young, and a red flag may be there.
    expect([told.IM01, told['IM01 may speak on lumbar-imaging']]).toEqual([true, false])
    expect((await engineOf(bent, rules)(facts)).IM01).toBe(false)
  })
})

describe('What a clinician answered', () => {
  test('reaches the rules, of facts that are made of facts too', async () => {
    const [asked] = rules.answered.filter((name) => name === 'fever')
    expect(asked).toBe('fever')
    const answered = (what: string) => ({
      value: what === 'yes',
      evidence: [{ reference: 'checklist', what, how: 'answer' as const }],
      gaps: [],
      recorded: { value: undefined, evidence: [], gaps: [] },
    })
    const engine = engineOf(elm, rules)
    for (const what of ['yes', 'no'])
      expect((await engine(new Map([['fever', answered(what)]]))).fever).toBe(what === 'yes')
    // A no takes nothing back.
    const measured = { value: true, evidence: [], gaps: [] }
    const both = new Map<string, Known>([
      ['fever', answered('no')],
      ['temperature-high', measured],
    ])
    expect((await engine(both)).fever).toBe(true)
  })
})

describe('The reading of charts in CQL', () => {
  // A quarter of a second a chart: one in 150. `npm run export -- --compare` takes all.
  test('says what the service says, or nothing', { timeout: 240_000 }, async () => {
    const { charts, yes, no, words, ofKnown, differences } = await compareCharts({ oneOf: 150, from: 7 })
    expect(differences).toEqual([])
    expect(charts).toBeGreaterThan(20)
    expect(yes).toBeGreaterThan(40)
    expect(words).toBeGreaterThan(200)
    expect(no).toBeGreaterThan(ofKnown / 3)
  })

  test('hears a checklist as the service does: a yes is believed, a no takes nothing back', async () => {
    const [fixture] = vignettes
    if (!fixture) throw new Error('there are no vignettes')
    const { record } = await explain(fixture)
    const engine = chartEngineOf(exportable.elm.chart, rowsOfSets(content))
    const replies = {
      fever: 'no',
      'bladder-bowel-new': 'yes',
      'sickle-cell-disease': 'no',
      'onset-days': 'some-weeks',
    }
    const at = `${addDays(fixture.today, -1)}T09:00:00Z`
    const checklist = responseOf(content, { replies, patientId: 'p', at, name: 'n' })
    const told = await engine(record, fixture.today, { checklist })
    const days = told['onset-days'] as { low: { value: number }; high: { value: number } }
    const given = answersOf(content, replies, at, 1).get('onset-days')?.value
    expect({ low: days.low.value, high: days.high.value }).toEqual(given)
    expect(told).toMatchObject({
      'answered: fever': false,
      'temperature-high': false,
      'fever-coded': false,
      'bladder-bowel-new': true,
      'sickle-cell-disease': false,
      'severe-motor-deficit': null,
    })
  })

  test('reads every fact but those that no list of a chart tells', () => {
    const unread = rules.parameters.flatMap(({ name }) => (chart.facts.has(name) ? [] : [name]))
    expect(unread.toSorted()).toEqual([
      'handout-given',
      'in-washington',
      'mme-per-day',
      'payer-asks-first',
      'payer-is-washington-medicaid',
    ])
  })

  test('says "no" of nothing without the word that it came whole', async () => {
    const [fixture] = vignettes
    if (!fixture) throw new Error('there are no vignettes')
    const { record } = await explain(fixture)
    const bare = { ...record, resources: new Map(), encounter: undefined }
    const engine = chartEngineOf(exportable.elm.chart, rowsOfSets(content))
    const told = await engine(bare, fixture.today, {})
    const denied = [...chart.facts.keys()].filter((name) => told[name] === false)
    expect(denied.filter((name) => content.facts[name]?.kind !== 'person')).toEqual([])
  })

  test('names no fact that the rules do not hear, and no value set that is not there', () => {
    const heard = new Set(rules.parameters.map(({ name }) => name))
    expect([...chart.facts.keys()].filter((name) => !heard.has(name))).toEqual([])
    const urls = new Set(ofType<ValueSet>('ValueSet').map(({ url }) => url))
    const named = [...chart.text.matchAll(/^valueset ".*": '(.*)'$/gm)].map(([, url]) => url)
    expect(named.length).toBeGreaterThan(50)
    expect(named.filter((url) => !urls.has(url))).toEqual([])
  })
})

describe('The package', () => {
  test('has a plan for each hook, with expressions that its library defines', () => {
    const plans = ofType<PlanDefinition>('PlanDefinition')
    expect(plans.map(({ id }) => id)).toEqual([
      'lumbar-order-select',
      'lumbar-order-sign',
      'lumbar-patient-view',
    ])
    for (const { action = [], library } of plans) {
      expect(action.length).toBeGreaterThan(3)
      expect(library).toEqual([`https://lumbar.example/fhir/Library/LumbarRules|${content.pathway.version}`])
      for (const { condition = [] } of action)
        for (const { expression } of condition)
          expect(rules.text).toContain(`define "${expression?.expression}":`)
    }
  })

  test('refers to nothing that it lacks', () => {
    const there = new Set(resources.map((each) => (each as { url?: string }).url))
    const named = JSON.stringify(ofType<PlanDefinition>('PlanDefinition')).match(
      /https:\/\/lumbar\.example\/fhir\/(ActivityDefinition|Library)\/[^|"]+/g,
    )
    expect(named?.filter((url) => !there.has(url))).toEqual([])
    expect(there.size).toBe(resources.length)
  })

  test('tells of each definition its source, version, day and licence', () => {
    for (const resource of resources)
      expect(resource).toMatchObject({
        id: expect.stringMatching(/^[A-Za-z0-9.-]{1,64}$/),
        url: expect.stringMatching(
          /^(https:\/\/lumbar\.example\/fhir\/[A-Z]|urn:lumbar:(rule$|questionnaire:))/,
        ),
        version: content.pathway.version,
        name: expect.stringMatching(/^[A-Z][A-Za-z0-9_]{0,254}$/),
        status: expect.stringMatching(/^(draft|active)$/),
        date: '2026-11-21',
        publisher: expect.any(String),
        copyright: expect.stringContaining('Apache'),
      })
    const [library] = ofType<Library>('Library')
    expect(library?.identifier?.[0]?.value).toBe(content.digest)
    expect(library?.relatedArtifact?.length).toBe(Object.keys(content.sources).length)
  })

  test('holds every code of the pathway once in its group', () => {
    const sets = ofType<ValueSet>('ValueSet').filter(({ id }) => !id?.startsWith('order-'))
    const codes = sets.flatMap(({ compose }) => compose?.include.flatMap(({ concept = [] }) => concept) ?? [])
    expect(codes).toHaveLength(content.codes.rows.length)
  })

  test('lists what it does not say: every fact that comes in, and every rule', () => {
    const list = files.get('package/other/not-said.md') ?? ''
    for (const { name } of rules.parameters) expect(list).toContain(`| ${name} |`)
    for (const { code } of content.rules) expect(list).toContain(`| ${code} |`)
  })

  test('names its files in the index and itself in the manifest', () => {
    const index = JSON.parse(files.get('package/.index.json') ?? '{}') as { files: { filename: string }[] }
    expect(index.files.map(({ filename }) => `package/${filename}`).every((path) => files.has(path))).toBe(
      true,
    )
    expect(index.files).toHaveLength(resources.length)
    expect(JSON.parse(files.get('package/package.json') ?? '{}')).toMatchObject({
      name: 'lumbar.pathway',
      version: content.pathway.version,
      fhirVersions: ['4.0.1'],
    })
  })
})
