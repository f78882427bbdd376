/** The miniature pathway, read as a whole. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { jsonSchemas } from '../../src/pathway/json-schema.ts'
import { loadContent } from '../../src/pathway/load.ts'
import { fixture } from './planted.ts'

const root = join(import.meta.dirname, '../..')
const content = loadContent(fixture)

describe('Content', () => {
  it('joins the facts of all files, with their defaults', () => {
    expect(Object.keys(content.facts)).toHaveLength(9)
    expect(content.facts['bladder-bowel']).toMatchObject({
      in: ['Condition'],
      status: 'any',
      'absent-means': 'false',
    })
  })

  it('keeps rules in file order and leaves out the retired', () => {
    expect(content.rules.map(({ id }) => id)).toEqual(['patient-died', 'imaging-too-early', 'image-exists'])
  })

  it('gives each speaking rule its card', () => {
    expect(content.cards).toEqual({
      'imaging-too-early': {
        summary: 'No red flag found in the record; imaging can wait.',
        detail: 'Pain began {{wait-weeks}} weeks ago at most. Most people get better without an image.',
      },
      'image-exists': { line: 'An earlier image exists ({{found}}).', detail: '' },
    })
  })

  it('knows parameters, sources, order kinds, words, routes, suggestions and reasons', () => {
    expect(content.parameters['wait-days']?.value).toBe(42)
    expect(content.sources['toy-2020']?.label).toBe('Toy guideline (2020)')
    expect(content.orderKinds['lumbar-imaging']?.resource).toBe('ServiceRequest')
    expect(content.episode.gap).toBe('$wait-days')
    expect(content.words.lists.signs?.terms).toEqual(['saddle numbness'])
    expect(content.medicines.routes.oral?.words).toEqual(['oral'])
    expect(content.suggestions.orders['physical-therapy']?.text).toBe('Physical therapy for low back pain')
    expect(Object.keys(content.overrideReasons.reasons)).toEqual(['red-flag-found', 'patient-asks'])
    expect(content.queries.Patient?.key).toBe('patient')
  })

  it('indexes every row of the value sets, and the local codes of the site', () => {
    expect(content.codes.rows).toHaveLength(5)
    expect(content.codes.rows[0]?.columns).toEqual({ modality: 'MR' })
    expect(content.codes.lookup({ system: 'urn:oid:1.2.3.4', code: 'CES' })[0]?.key).toBe(
      'toy-signs/cauda-equina',
    )
  })

  it('joins the pages for patients by language, with the marks of safety sentences and the drawings', () => {
    const { handouts } = content
    expect(handouts?.texts.es?.walk?.title).toBe('Caminar')
    expect(handouts?.texts.en?.signs?.sections.get('call')?.blocks).toEqual([
      { kind: 'paragraph', runs: [{ text: 'Call now if you have:', strong: false }] },
      {
        kind: 'list',
        ordered: false,
        items: [
          { runs: [{ text: 'numb skin', strong: false }], safety: 'numbness' },
          { runs: [{ text: 'a bad fall', strong: false }] },
        ],
      },
    ])
    expect(handouts?.drawings.walk?.shapes).toHaveLength(2)
  })

  it('has no pages for patients where there is no folder of them', () => {
    const bare = mkdtempSync(join(tmpdir(), 'lumbar-content-'))
    try {
      cpSync(fixture, bare, { recursive: true })
      rmSync(join(bare, 'handouts'), { recursive: true })
      expect(loadContent(bare).handouts).toBeUndefined()
    } finally {
      rmSync(bare, { recursive: true })
    }
  })

  it('takes defaults for everything when there is no site.yaml', () => {
    const bare = mkdtempSync(join(tmpdir(), 'lumbar-content-'))
    try {
      cpSync(fixture, bare, { recursive: true, filter: (path) => !path.endsWith('site.yaml') })
      expect(loadContent(bare).site).toMatchObject({ name: 'This site', clients: { profile: 'detect' } })
    } finally {
      rmSync(bare, { recursive: true })
    }
  })
})

describe('npm run check', () => {
  const check = (folder: string) =>
    execFileSync(process.execPath, ['src/cli/check.ts', folder], {
      cwd: root,
      encoding: 'utf8',
      stdio: 'pipe',
    })

  it('counts what it found sound', () => {
    expect(check(fixture)).toBe(
      'content is sound: 3 rules, 9 facts, 5 codes, 2 cards, 4 pages for patients\n',
    )
  })

  it('ends with an error when something is wrong', () => {
    expect(() => check(join(fixture, 'cards'))).toThrow(/pathway\/pathway\.yaml:1: is missing/)
  })
})

describe('JSON Schemas', () => {
  it('exist for every kind of content file and describe objects', () => {
    const schemas = jsonSchemas()
    expect(Object.keys(schemas).sort()).toEqual([
      'answers.json',
      'card.json',
      'checklist.json',
      'definitions.json',
      'episode.json',
      'facts.json',
      'handout-words.json',
      'handout.json',
      'handouts.json',
      'meanings.json',
      'measure.json',
      'medicines.json',
      'orders.json',
      'override-reasons.json',
      'pathway.json',
      'phrases.json',
      'queries.json',
      'recording.json',
      'rules.json',
      'share-words.json',
      'share.json',
      'site.json',
      'sources.json',
      'suggestions.json',
      'systems.json',
      'topics.json',
      'words.json',
    ])
    for (const schema of Object.values(schemas)) expect(schema).toMatchObject({ type: 'object' })
  })

  it('let keys with a default be left out', () => {
    expect(JSON.stringify(jsonSchemas()['facts.json'])).not.toMatch(/"required":\[[^\]]*"absent-means"/)
  })
})
