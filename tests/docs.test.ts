/** The pages made from the content: current, whole, every row of the decision table accounted for, links that lead somewhere. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type DecisionTable, readBook, trace } from '../src/docs/book.ts'
import { stagesOf } from '../src/docs/flow.ts'
import { generatedFiles } from '../src/docs/pages.ts'
import { speech } from '../src/docs/sentence.ts'
import { compileFacts } from '../src/facts/find-facts.ts'
import type { FactDeclaration, Parameter, Rule, When } from '../src/pathway/schema.ts'
import { realContent, root } from './support/evaluator.ts'

const content = realContent()
const book = readBook(root, content, compileFacts(content).reads)
const coverage = trace(book.table, content)
const files = generatedFiles(book)
const pageOf = (path: string) => files.get(path) ?? ''

describe('Generated files', () => {
  it.each([...files.keys()])('%s is current: run `npm run docs` where it is not', (path) => {
    expect(existsSync(join(root, path)) && readFileSync(join(root, path), 'utf8') === pageOf(path)).toBe(true)
  })

  const pages = ['pathway/README.md', 'pathway/coverage.md']

  it.each(pages)('%s holds nothing that was not put into words', (path) => {
    expect(pageOf(path)).not.toMatch(/undefined|\[object|NaN|\$[a-z]|\*\*lost\*\*/)
  })

  it.each(pages)('%s has links that lead somewhere', (path) => {
    const targets = [...pageOf(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
    expect(targets.length).toBeGreaterThan(50)
    expect([...new Set(targets)].filter((target) => !leadsSomewhere(target, path))).toEqual([])
  })

  it('show every rule, number, question, value set and source', () => {
    const page = pageOf('pathway/README.md')
    const shown = new Set([...page.matchAll(/<a id="([^"]+)"><\/a>/g)].map(([, id]) => id))
    const expected = [
      ...book.content.rules.map(({ code }) => code.toLowerCase()),
      ...Object.keys(book.content.parameters).map((name) => `number-${name}`),
      ...Object.keys(content.facts).map((name) => `fact-${name}`),
      ...[...content.codes.sets.keys()].map((set) => `codes-${set}`),
      ...Object.keys(content.sources).map((name) => `source-${name}`),
    ]
    expect(expected.filter((id) => !shown.has(id))).toEqual([])
  })

  it('draw no arrow to a box that is not there', () => {
    const charts = pageOf('pathway/README.md').split('```mermaid').slice(1)
    expect(charts.length).toBeGreaterThan(1)
    for (const chart of charts.map((each) => each.split('```')[0] ?? '')) {
      const boxes = new Set([...chart.matchAll(/^ {2}([\w-]+)[[(]/gm)].map(([, name]) => name))
      const ends = [...chart.matchAll(/> ([\w-]+)$/gm)].map(([, name]) => name)
      expect(ends.filter((name) => !boxes.has(name))).toEqual([])
    }
  })
})

function leadsSomewhere(target: string, from: string): boolean {
  if (/^https?:/.test(target)) return true
  const [file = '', id] = target.split('#')
  const path = file === '' ? from : join(dirname(from), file)
  if (!existsSync(join(root, path))) return false
  if (id === undefined) return true
  const text = files.get(path) ?? ''
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title.toLowerCase().replaceAll(' ', '-'),
  )
  return text.includes(`<a id="${id}">`) || headings.includes(id)
}

describe('The decision table', () => {
  it('is whole', () => {
    expect(book.table.rows).toHaveLength(93)
  })

  it('has every row traced exactly once: a rule, an order kind, or a reason why not', () => {
    expect(coverage.problems).toEqual([])
    expect(coverage.traces.size).toBe(book.table.rows.length + book.table['only-in-the-text'].length)
  })

  const rule = (id: string, code: string) => ({ ...content.rules[0], id, code }) as Rule
  const table = (...ids: string[]): DecisionTable => ({
    about: 'A table for this test',
    labels: {},
    rows: ids.map((id) => ({ id, orders: 'any', priority: 1, indicator: 'info', condition: 'Something' })),
    'only-in-the-text': [],
    corrections: [],
  })
  const traced = (rows: DecisionTable, rules: Rule[], ...codes: string[]) =>
    trace(rows, {
      rules,
      orderKinds: content.orderKinds,
      pathway: {
        ...content.pathway,
        'not-encoded': codes.map((code) => ({ code, what: 'Something', because: 'Not yet' })),
      },
    })

  it('tells a row that went nowhere', () => {
    expect(traced(table('IM-01'), []).problems).toEqual([
      'row IM-01 is neither a rule nor under not-encoded: write rule IM01, or say in pathway.yaml why there is none',
    ])
  })

  it('tells a rule that still stands under not-encoded', () => {
    expect(traced(table('IM-01'), [rule('acute', 'IM01')], 'IM01').problems).toEqual([
      'row IM-01 is rule "acute" and stands under not-encoded too: take it out there',
    ])
  })

  it('tells a reason that belongs to no row, and the row that was meant', () => {
    expect(traced(table('IM-01'), [rule('acute', 'IM01')], 'IM07').problems).toEqual([
      'not-encoded names IM07, which is no row; did you mean IM01?',
    ])
  })

  it('tells a correction that names no rule, or one that is not there', () => {
    const rows = table('IM-01')
    const corrections = [
      { id: 'A1', correction: 'Something', rules: ['IM07'] },
      { id: 'A2', correction: 'Something', rules: [] },
      { id: 'A3', correction: 'Something', rules: [], beside: 'How charts are read' },
    ]
    expect(traced({ ...rows, corrections }, [rule('acute', 'IM01')]).problems).toEqual([
      'correction A1 names IM07, and there is no such rule: mend it',
      'correction A2 went nowhere: name its rules, or say under "beside" where it is',
    ])
  })

  it('tells a row that stands twice', () => {
    expect(traced(table('IM-01', 'IM-01'), [rule('acute', 'IM01')]).problems).toEqual([
      'row IM-01 stands twice: keep one',
    ])
  })

  it('traces a row to the order kinds, and names rules that stand in no row', () => {
    const { traces, beyond, problems } = traced(table('G-01'), [rule('acute', 'IM01')])
    expect(traces.get('G-01')).toEqual({ to: 'order-kinds', kinds: ['lumbar-imaging', 'opioid'] })
    expect(beyond.map(({ code }) => code)).toEqual(['IM01'])
    expect(problems).toEqual([])
  })
})

describe('A condition in English', () => {
  const fact = (asks: string, noun?: string) =>
    ({ kind: 'group', asks, ...(noun ? { noun } : {}), 'any-of': ['fever'] }) as FactDeclaration
  const number = (value: number, unit: string): Parameter => ({
    value,
    unit,
    meaning: 'For this test',
    cites: ['toy-2020'],
    'stated-by': 'DESIGN',
  })
  const words = {
    facts: {
      fever: fact('Is there a fever?', 'fever'),
      'fever-coded': fact('Is a fever coded?', 'fever'),
      weakness: fact('Is a leg weak?', 'leg weakness'),
      adult: fact('Is the patient known to be an adult?'),
      'onset-days': fact('How many days ago did it begin?', 'when the pain began'),
      age: fact('How old is the patient?'),
      modality: fact('Which kind of imaging is ordered?'),
    },
    parameters: {
      'wait-days': number(42, 'days'),
      'one-day': number(1, 'days'),
      'old-age': number(70, 'years'),
    },
  }
  const { sentence, comparison } = speech(words)
  const cases: readonly [When, string][] = [
    [{ 'onset-days': { below: '$wait-days' } }, 'Onset is known to be under 42 days.'],
    [{ 'onset-days': { 'at-least': '$wait-days' } }, 'Onset is known to be at least 42 days.'],
    [{ 'onset-days': { 'at-most': '$wait-days' } }, 'Onset is known to be at most 42 days.'],
    [{ 'onset-days': { above: '$wait-days' } }, 'Onset is known to be over 42 days.'],
    [{ 'onset-days': { below: '$one-day' } }, 'Onset is known to be under 1 day.'],
    [{ age: { 'at-least': '$old-age' } }, 'Age is known to be at least 70 years.'],
    [{ fever: true }, 'With fever.'],
    [{ fever: false }, 'Without fever.'],
    [{ adult: true }, '“Is the patient known to be an adult?” is answered yes.'],
    [{ adult: false }, '“Is the patient known to be an adult?” is answered no.'],
    [{ modality: 'without-contrast' }, '“Which kind of imaging is ordered?” is answered without contrast.'],
    [{ all: [{ fever: true }, { weakness: false }] }, 'With fever, and without leg weakness.'],
    [{ any: [{ fever: true }, { weakness: false }] }, 'With fever, or without leg weakness.'],
    [
      { all: [{ weakness: true }, { any: [{ fever: true }, { adult: false }] }] },
      'With leg weakness, and (with fever, or “Is the patient known to be an adult?” is answered no).',
    ],
    [
      { any: [{ weakness: true }, { all: [{ fever: true }, { age: { below: '$old-age' } }] }] },
      'With leg weakness, or (with fever, and age is known to be under 70 years).',
    ],
    [
      { all: [{ fever: true }, { any: [{ modality: 'mri' }, { modality: 'ct' }, { modality: 'xray' }] }] },
      'With fever, and “Which kind of imaging is ordered?” is answered mri, ct or xray.',
    ],
    [
      { any: [{ modality: 'mri' }, { fever: true }, { modality: 'ct' }] },
      '“Which kind of imaging is ordered?” is answered mri or ct, or with fever.',
    ],
    [{ all: [{ any: [{ fever: true }] }] }, 'With fever.'],
    // One word for two facts would not tell them apart.
    [
      { any: [{ fever: true }, { 'fever-coded': true }] },
      '“Is there a fever?” is answered yes, or “Is a fever coded?” is answered yes.',
    ],
  ]

  it.each(cases)('%j', (when, said) => {
    expect(sentence(when)).toBe(said)
  })

  it('names both ends of a comparison alone', () => {
    expect(comparison({ 'at-least': '$wait-days' })).toBe('at least 42 days')
    expect(comparison({ below: '$wait-days' })).toBe('under 42 days')
  })

  it('marks facts and numbers where a page wants links', () => {
    const linked = speech(words, {
      fact: (name, text) => `[${text}](#${name})`,
      number: (name, text) => `[${text}](#${name})`,
    })
    expect(linked.sentence({ all: [{ fever: true }, { 'onset-days': { below: '$wait-days' } }] })).toBe(
      'With [fever](#fever), and [onset](#onset-days) is known to be under [42 days](#wait-days).',
    )
  })
})

describe('The order in which rules are heard', () => {
  it('puts a topic that quiets another before it, and silencers just before what they quiet', () => {
    const headline = (topic: string, silences: string[]) =>
      ({
        role: 'headline',
        id: topic,
        topic,
        silences,
        heard: topic === 'safety' ? 'beside' : 'in-turn',
      }) as unknown as Rule
    const silencer = { role: 'silencer', id: 'enough', silences: ['not-now'] } as unknown as Rule
    const rules = [
      headline('not-now', []),
      silencer,
      headline('opioid-first', []),
      headline('opioid-safety', ['opioid-first']),
      headline('emergency', ['not-now', 'opioid-first', 'opioid-safety']),
      headline('safety', []),
    ]
    const stages = stagesOf(rules, ['emergency', 'not-now', 'opioid-first', 'opioid-safety', 'safety'])
    expect(stages.map(({ name }) => name)).toEqual([
      'emergency',
      'before-not-now',
      'not-now',
      'opioid-safety',
      'opioid-first',
    ])
  })
})
