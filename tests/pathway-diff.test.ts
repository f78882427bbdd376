/** What `npm run pathway:diff` says of a change: in words, from what to what, and which vignettes end otherwise. */
import { execFileSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pathwayDiff } from '../src/cli/pathway-diff.ts'

let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lumbar-diff-test-'))
  cpSync(join(import.meta.dirname, 'pathway/fixture'), root, { recursive: true })
  // So that the rule of the miniature pathway can speak.
  edit('pathway/facts/patient.yaml', /\n {4}absent-means: unknown\n {4}because:.*/, '')
  mkdirSync(join(root, 'tests/vignettes'), { recursive: true })
  writeFileSync(join(root, 'tests/vignettes/toy.yaml'), vignettes)
  git('init', '--quiet')
  git('add', '.')
  git('-c', 'user.name=Test', '-c', 'user.email=test@example.org', 'commit', '--quiet', '--message', 'First')
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

const vignettes = `
about: Two cases of the miniature pathway
vignettes:
${[20, 30]
  .map(
    (days, at) => `
  - vignette: L00${at + 1}
    title: Pain for ${days} days
    rule: IM01
    side: fires
    patient: { age: 40 }
    chart: [{ problem: { code: icd10 M54.5, onset: ${days} days ago, at: this visit } }]
    orders: [{ imaging: { code: snomed 1000001 } }]
    expect: { cards: [{ rule: IM01, indicator: warning }] }`,
  )
  .join('')}
`

const git = (...words: string[]) => execFileSync('git', words, { cwd: root, stdio: 'pipe' })

function edit(file: string, from: string | RegExp, to: string): void {
  const before = readFileSync(join(root, file), 'utf8')
  const after = before.replace(from, to)
  if (after === before) throw new Error(`${file} does not hold ${from}`)
  writeFileSync(join(root, file), after)
}

async function said(...words: string[]): Promise<string> {
  const lines: string[] = []
  await pathwayDiff(words, (text) => lines.push(stripVTControlCharacters(text)), root)
  return lines.join('\n')
}

describe('pathway:diff', () => {
  it('says that nothing changes when nothing does', async () => {
    const told = await said()
    expect(told).toMatch(/^HEAD \([0-9a-f]{10}\) → the working tree/)
    expect(told).toContain('0 of 2 end otherwise.')
    expect(told).toContain('Nothing changes.')
    expect(told).not.toContain('The version is still')
  })

  it('tells a number from what to what, by whose word, behind which rules, and the vignettes that end otherwise', async () => {
    edit('pathway/pathway.yaml', 'value: 42', 'value: 28')
    const told = await said('HEAD')
    expect(told).toContain('wait-days, 28 days: Imaging waits this long (DESIGN: toy-2020)')
    expect(told).toContain('42 days → 28 days, by DESIGN: toy-2020; behind: IM01')
    expect(told).toContain('1 of 2 end otherwise.')
    expect(told).toMatch(/IM01 warning → nothing \(1\)\n\s+L002 Pain for 30 days/)
    expect(told).toContain('The version is still 0.1.0')
    // The sentence of the rule differs by that number only: it is told once.
    expect(told).not.toContain('holds when')
  })

  it('tells the sentence of a rule before and after, and every other key that differs', async () => {
    const file = 'pathway/rules/2-imaging.yaml'
    edit(file, 'any: [{ imaging-modality: mri }, { imaging-modality: xray }]', 'imaging-modality: mri')
    edit(file, 'indicator: warning', 'indicator: info')
    edit(file, 'priority: 30', 'priority: 31')
    edit(
      file,
      'topic: not-now',
      'topic: not-now\n    silences: [not-now]\n    unlike-its-topic: It is tried here.',
    )
    const told = await said()
    expect(told).toMatch(
      /- holds when: .* is answered mri or xray\.\n\s+\+ holds when: .* is answered mri\.\n/,
    )
    expect(told).toContain('indicator: warning → info')
    expect(told).toContain('priority: 30 → 31')
    expect(told).toContain('silences: + not-now')
    expect(told).toContain('IM01 warning → IM01 info (2)')
  })

  it('tells rules that come, go and are retired', async () => {
    const file = 'pathway/rules/2-imaging.yaml'
    edit(
      file,
      /status: draft\n {2}- id: imaging-by-habit/,
      'status: { retired: { on: "2026-02-02", why: Not needed. } }\n  - id: imaging-by-habit',
    )
    edit(file, /\n {2}- id: imaging-by-habit[\s\S]*$/, '\n')
    appendFileSync(
      join(root, 'pathway/rules/1-gates.yaml'),
      readFileSync(join(root, 'pathway/rules/1-gates.yaml'), 'utf8')
        .replace(/^[\s\S]*?rules:\n/, '')
        .replace('patient-died', 'patient-died-twice')
        .replace('G02', 'G09')
        .replace('deceased', 'bladder-bowel'),
    )
    const told = await said()
    expect(told).toContain('retired: it no longer runs')
    expect(told).toContain('- IM03 A rule that was given up (line): ')
    expect(told).toContain(
      '+ G09 The patient has died (gate): “Is a bladder or bowel problem recorded?” is answered yes.',
    )
  })

  it('tells facts by how they are found, and value sets by what came and went', async () => {
    edit(
      'pathway/facts/patient.yaml',
      'toy-signs: [cauda-equina]',
      'toy-signs: [cauda-equina, bladder-bowel]',
    )
    edit('pathway/facts/patient.yaml', 'within: $recent-days', 'within: $wait-days')
    edit(
      'pathway/codes/toy-signs.csv',
      /^.*,R32,.*\n/m,
      'http://hl7.org/fhir/sid/icd-10-cm,R33,Retention,bladder-bowel,toy,no,\n',
    )
    const told = await said()
    expect(told).toContain('- how recent: last 14 days')
    expect(told).toContain('+ how recent: last 42 days')
    expect(told).toContain('groups: + toy-signs/bladder-bowel')
    expect(told).toContain('toy-signs/bladder-bowel: 1 added, 1 removed (1 → 1 codes)')
    expect(told).toContain('+ R33 Retention (http://hl7.org/fhir/sid/icd-10-cm)')
    expect(told).toContain('- R32 Incontinence (http://hl7.org/fhir/sid/icd-10-cm)')
  })

  it('tells the words of cards by line, and the version with its impact', async () => {
    edit('cards/imaging-too-early.md', /^summary: .*$/m, 'summary: Imaging now helps nobody')
    appendFileSync(join(root, 'cards/imaging-too-early.md'), '\nOne more line.\n')
    edit('pathway/pathway.yaml', 'version: 0.1.0', 'version: 0.2.0')
    edit(
      'pathway/pathway.yaml',
      'history:',
      'history:\n  - { version: 0.2.0, on: "2026-03-03", impact: ["Words: clearer."] }',
    )
    const told = await said()
    expect(told).toMatch(/summary: “.*” → “Imaging now helps nobody”/)
    expect(told).toContain('+ One more line.')
    expect(told).toMatch(/version: 0\.1\.0 → 0\.2\.0\n\s+Words: clearer\./)
    expect(told).toContain('The version goes from 0.1.0 to 0.2.0.')
    expect(told).toContain('0 of 2 end otherwise.')
  })

  it('leaves what a site has set out of it', async () => {
    edit('site.yaml', /[\s\S]*/, 'parameters: { wait-days: 30 }\n')
    expect(await said()).toContain('Nothing changes.')
  })

  it('says kindly that there is no such commit', async () => {
    await expect(said('no-such-branch')).rejects.toThrow('There is no commit "no-such-branch" here.')
    await expect(said('--output=/tmp/x')).rejects.toThrow(/Unknown option/)
  })

  it('says where the content of the working tree has a mistake', async () => {
    edit('pathway/rules/2-imaging.yaml', 'priority: 30', 'priority: often')
    await expect(said()).rejects.toThrow(
      /The content of the working tree cannot be read .*\n\npathway\/rules\/2-imaging\.yaml:\d+/,
    )
  })
})
