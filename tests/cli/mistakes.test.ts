/** Every command of package.json, given what it does not know: one clear sentence and 2, before it does anything. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { runHapi } from '../../sandbox/commands/hapi.ts'
import { seedServer } from '../../sandbox/commands/seed.ts'
import { countOf, Misunderstood } from '../../src/cli/arguments.ts'
import { explain } from '../../src/cli/explain.ts'
import { sheet } from '../../src/cli/integration-sheet.ts'
import { ledger } from '../../src/cli/ledger.ts'
import { pathwayDiff } from '../../src/cli/pathway-diff.ts'
import type { Command } from '../../src/cli/run.ts'
import { root } from '../support/evaluator.ts'

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}
const ours = Object.entries(scripts).filter(([, line]) => /\.ts\b/.test(line))
const folder = mkdtempSync(join(tmpdir(), 'lumbar-cli-'))
const nowhere = join(folder, 'nowhere')
const noJson = join(folder, 'no.json')
writeFileSync(noJson, 'not JSON')
const aList = join(folder, 'list.json')
writeFileSync(aList, '[]')

interface Ended {
  code: unknown
  out: string
  err: string
}

const asker = relative(root, join(import.meta.dirname, 'asked.ts'))
const env = { ...process.env, NO_COLOR: '1' }

function ended(line: string, ...words: string[]): Promise<Ended> {
  const [, ...args] = line.split(' ')
  return new Promise((resolve) => {
    execFile(process.execPath, [...args, ...words], { cwd: root, env, timeout: 90_000 }, (error, out, err) =>
      resolve({ code: error ? error.code : 0, out, err }),
    )
  })
}

function expectMistake({ code, out, err }: Ended, told: RegExp): void {
  expect(err).toMatch(told)
  expect(err).not.toMatch(/^\s+at |node:internal|Error:/m)
  expect({ code, out }).toEqual({ code: 2, out: '' })
}

const mistakes: readonly [command: string, words: string[], told: RegExp][] = [
  ['check', [nowhere], /There is no folder/],
  ['docs', [nowhere], /There is no folder/],
  ['codes', ['--from', nowhere], /no reference data in .*--from/],
  ['smart-keys', ['--add-to', nowhere], /cannot be read/],
  ['smart-keys', ['--algorithm', 'RS256'], /no algorithm "RS256"/],
  ['fidelity', ['--list', 'luck'], /no mistake "luck"/],
  ['mutants', ['--kind', 'none'], /no kind "none"/],
  ['soak', ['--minutes', 'ten'], /--minutes is a whole number of at least 1/],
  ['start', ['--port', '8080'], /takes no arguments, and was given --port 8080/],
]
const all = [
  ...ours.map(([command]) => [command, ['--nonsense'], /--nonsense.*\.\s+\S/] as const),
  ...mistakes,
]

/**
 * What begins as soon as it is loaded can be asked in one process with others, and so can what runs one command where it
 * was started itself; and these are started all the same.
 */
const started = ['start', 'mutants', 'check', 'try']
const lineOf = (command: string) => scripts[command]?.split(' ') ?? []
const fileOf = (command: string) => join(root, lineOf(command).find((word) => word.endsWith('.ts')) ?? '')
const sourceOf = (command: string) => readFileSync(fileOf(command), 'utf8')
const runsOf = (command: string) =>
  /^if \(import\.meta\.main\) await run\((\w+)\)$/m.exec(sourceOf(command))?.[1]
const isAlone = (command: string, at: number) =>
  (started.includes(command) && (at >= ours.length || runsOf(command) !== undefined)) ||
  (sourceOf(command).includes('import.meta.main') && runsOf(command) === undefined)
const together = all.filter(([command], at) => !isAlone(command, at))

describe('A command that is asked wrongly', () => {
  let ends = new Map<unknown, Ended>()
  beforeAll(async () => {
    const list = together.map(([command, words]) => {
      const line = lineOf(command)
      return {
        file: fileOf(command),
        runs: runsOf(command),
        words: [...line.slice(line.findIndex((word) => word.endsWith('.ts')) + 1), ...words],
      }
    })
    const { out } = await ended(`node --import ./start.js ${asker}`, JSON.stringify(list))
    ends = new Map((JSON.parse(out) as Ended[]).map((each, at) => [together[at], each]))
  }, 120_000)

  it.concurrent.each(all.map((each) => [...each, each] as const))(
    'npm run %s -- %j says so before it does anything',
    { timeout: 120_000 },
    async (command, words, told, each) => {
      expectMistake(ends.get(each) ?? (await ended(scripts[command] ?? '', ...words)), told)
    },
  )

  it('node src/server.ts, and node ., take no arguments either', { timeout: 120_000 }, async () => {
    for (const line of ['node src/server.ts', 'node .'])
      expectMistake(await ended(line, '--port', '8080'), /takes no arguments, and was given --port 8080/)
  })
})

describe('The same, of commands that can be asked here', () => {
  const cases: readonly [command: Command, words: string[], told: RegExp][] = [
    [explain, ['--request', nowhere], /nowhere cannot be read/],
    [explain, ['--request', noJson], /no\.json cannot be read/],
    [explain, ['--request', aList], /holds no JSON object/],
    [explain, ['acute-week-two', 'lumbar-mri', '--today', '2026-13-01'], /--today is a day/],
    [explain, ['acute-week-two', 'lumbar-mri', '--today', '2026-02-30'], /--today is a day/],
    [explain, ['cauda-equina', 'lumbar-mri', '--hook', 'patient-view'], /leave out lumbar-mri/],
    [explain, ['cauda-equina'], /To open the chart without one: --hook patient-view/],
    [ledger, ['exprot'], /"exprot" is nothing that a ledger can do/],
    [ledger, ['export', '--from', 'soon'], /--from is a day/],
    [ledger, ['verify', 'more'], /"more" is a word too many/],
    [sheet, ['--profile', 'other'], /no profile "other"/],
    [sheet, ['--out', join(nowhere, 'sheet.md')], /cannot be written/],
    [pathwayDiff, ['no-such-ref'], /no-such-ref/],
    [runHapi, ['--port', 'http'], /A port is a number/],
    [seedServer, [], /Say which FHIR server/],
  ]
  it.each(cases)('%o %j', async (command, words, told) => {
    const printed: string[] = []
    const asking = command(words, (text) => printed.push(text))
    await expect(asking).rejects.toBeInstanceOf(Misunderstood)
    await expect(asking).rejects.toThrow(told)
    expect(printed).toEqual([])
  })

  it.each(['0', '-1', '1.5', 'ten', '', '1e3'])('a number of at least 1 is not %j', (text) => {
    expect(() => countOf(text, '--every', 1)).toThrow(/--every is a whole number of at least 1/)
  })
})
