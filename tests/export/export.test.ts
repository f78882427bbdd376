/** The exported libraries: their rules say what the service says, and their reading of charts too, or nothing. */
import { describe, expect, test } from 'vitest'
import { answersOf } from '../../src/checklist/book.ts'
import { responseOf } from '../../src/checklist/questionnaire.ts'
import { valueSetUrl } from '../../src/export/about.ts'
import { notSaid } from '../../src/export/not-said.ts'
import { rowsOfSets } from '../../src/export/resources.ts'
import type { Known } from '../../src/pathway/known.ts'
import { addDays } from '../language/when.ts'
import { content, explain, vignettes } from '../support/evaluated.ts'
import { compareCover } from './chart.ts'
import { chartEngineOf } from './chart-engine.ts'
import { chart, compareAll, exportable, rules } from './compare.ts'
import { engineOf, executed } from './engine.ts'

const { rules: elm } = exportable.elm

describe('The rules in CQL', () => {
  // All vignettes and 1,000 events: ten seconds of CPU.
  test('say what `decide` says, verdict by verdict', { timeout: 240_000 }, async () => {
    const { cases, verdicts, differences, onCondition } = await compareAll()
    expect(differences).toEqual([])
    expect(cases).toBeGreaterThan(1500)
    expect(verdicts).toBeGreaterThan(150_000)
    // The one thing that they leave out, by the line of the list that says so.
    const listed = notSaid(content, exportable)
    expect([...onCondition.keys()].filter((code) => !listed.includes(`| ${code} |`))).toEqual([])
    expect(listed).toContain('- **Advice on a condition.**')
  })

  test('say of nothing known: unknown, and no advice against an order', async () => {
    const told = await engineOf(elm, rules)(new Map())
    for (const { code } of content.rules) expect([code, told[code]]).toEqual([code, null])
    for (const { name, rule } of rules.speaking) expect([rule.code, told[name]]).toEqual([rule.code, false])
  })

  test('come to the same in the engine as it is, which forgets what it worked out', {
    timeout: 60_000,
  }, async () => {
    const [first, , , fourth] = vignettes
    if (!first || !fourth) throw new Error('there are no vignettes')
    for (const vignette of [first, fourth]) {
      const { decisions } = await explain(vignette)
      const facts = new Map(decisions.flatMap((decision) => [...decision.facts]))
      expect(await engineOf(elm, rules)(facts)).toEqual(await executed(elm, rules, facts))
    }
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
  // As few charts as show every answer that any vignette or event shows. `npm run export -- --compare` takes all.
  test('says what the service says, or nothing', { timeout: 240_000 }, async () => {
    const { charts, shown, yes, no, words, ofKnown, answered, leftOpen, differences } = await compareCover()
    expect(differences).toEqual([])
    expect(shown).toBeGreaterThan(300)
    expect(charts).toBeGreaterThan(60)
    expect(yes).toBeGreaterThan(100)
    expect(words).toBeGreaterThan(500)
    expect(no).toBeGreaterThan(ofKnown / 3)
    expect([...chart.facts.keys()].filter((name) => !answered.has(name))).toEqual([])
    // What it leaves open is explained line by line, in the package itself.
    const lines = notSaid(content, exportable).split('\n')
    const reasons = new Map(
      lines.map((line) => line.split(' | ')).map(([name = '', , , why = '']) => [name, why]),
    )
    expect([...leftOpen.keys()].filter((name) => (reasons.get(`| ${name}`) ?? '').length < 15)).toEqual([])
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
      'dose-not-read',
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
    const urls = new Set([...rowsOfSets(content).keys()].map(valueSetUrl))
    const named = [...chart.text.matchAll(/^valueset ".*": '(.*)'$/gm)].map(([, url = '']) => url)
    expect(named.length).toBeGreaterThan(50)
    expect(named.filter((url) => !urls.has(url))).toEqual([])
  })
})
