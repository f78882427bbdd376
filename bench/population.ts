/**
 * `npm run bench:report -- --patients 100000`: invents a population, has the report counted over it by the command itself, and holds
 * every cell against the known truth: the row of the table in bench/README.md. `--keep <folder>` keeps export and report there.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Truth } from '../population/generate/truth.ts'
import { countOf, Misunderstood, readArguments } from '../src/cli/arguments.ts'
import { run } from '../src/cli/run.ts'
import { type ReportFile, reportName } from '../src/quality/reports.ts'

const root = resolve(import.meta.dirname, '..')
/** What a process took, told as it ends. */
const usage = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => console.error('took ' + JSON.stringify({ ...process.resourceUsage(), s: performance.now() / 1000 })))",
)}`

interface Took {
  s: number
  userCPUTime: number
  systemCPUTime: number
  /** In KB. */
  maxRSS: number
}

/** A command of this project as a stranger runs it; what it says is passed on. */
async function command(script: string, words: Readonly<Record<string, string>>): Promise<Took> {
  const given = Object.entries(words).flatMap(([name, value]) => [`--${name}`, value])
  const child = spawn(
    process.execPath,
    ['--import', usage, '--import', './start.js', `population/${script}.ts`, ...given],
    { cwd: root, stdio: ['ignore', 'inherit', 'pipe'] },
  )
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += String(chunk)
  })
  const code = await new Promise((done, failed) => child.once('error', failed).once('close', done))
  const [, took] = /^took (.*)$/m.exec(said) ?? []
  if (code !== 0 || took === undefined) throw new Misunderstood(`${script} did not end well. ${said}`)
  return JSON.parse(took) as Took
}

interface Compared {
  cells: number
  /** In words, each cell that differs. */
  differences: readonly string[]
}

/** Every cell that the truth tells: months are told by the reports alone. */
function compare(
  truth: Pick<Truth, 'measures' | 'services' | 'people' | 'episodes'>,
  { counts, services, episodes }: Pick<ReportFile, 'counts' | 'services' | 'episodes'>,
): Compared {
  const wanted = new Map<string, number>([['episodes', truth.episodes]])
  const found = new Map<string, number>([['episodes', episodes]])
  for (const [measure, variants] of Object.entries(truth.measures))
    for (const [variant, groups] of Object.entries(variants))
      for (const [by, values] of Object.entries(groups))
        for (const [value, statuses] of Object.entries(values))
          for (const [status, count] of Object.entries(statuses))
            wanted.set([measure, variant, by, value, status].join(' | '), count)
  for (const { measure, variant, by, value, status, count } of counts)
    if (by !== 'month') found.set([measure, variant, by, value, status].join(' | '), count)
  for (const [need, count] of Object.entries(truth.services)) wanted.set(`services | ${need}`, count)
  for (const [need, count] of Object.entries(truth.people)) wanted.set(`people | ${need}`, count)
  for (const each of services) {
    found.set(`services | ${each.need}`, each.services)
    found.set(`people | ${each.need}`, each.people)
  }
  const cells = [...new Set([...wanted.keys(), ...found.keys()])]
  const differences = cells.flatMap((cell) => {
    const [known, counted] = [wanted.get(cell) ?? 0, found.get(cell) ?? 0]
    return known === counted ? [] : [`${cell}: ${counted}, and ${known} are true`]
  })
  return { cells: cells.length, differences }
}

const megabytes = (folder: string) =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0) / 1e6

if (import.meta.main)
  await run(async (words, print) => {
    const { values } = readArguments(
      words,
      { patients: { type: 'string', default: '20000' }, keep: { type: 'string' } },
      0,
    )
    const patients = countOf(values.patients, '--patients', 1)
    const place = values.keep ?? mkdtempSync(join(tmpdir(), 'lumbar-bench-report-'))
    const [made, out] = [join(place, 'export'), join(place, 'report')]
    try {
      await command('population', { patients: String(patients), out: made })
      const took = await command('report', { from: made, year: '2024', out })
      const truth = JSON.parse(readFileSync(join(made, 'truth.json'), 'utf8')) as Truth
      const report = JSON.parse(readFileSync(join(out, reportName), 'utf8')) as ReportFile
      const { cells, differences } = compare(truth, report)
      const cpu = (took.userCPUTime + took.systemCPUTime) / 1e6
      print(
        `${patients} patients, ${Math.round(megabytes(made))} MB: ${took.s.toFixed(0)} s, ${cpu.toFixed(0)} s of CPU, ${Math.round(took.maxRSS / 1024)} MB at most`,
      )
      print(`${cells} cells held against the truth, ${differences.length} differ`)
      for (const difference of differences.slice(0, 20)) print(difference)
      if (differences.length > 0) process.exitCode = 1
    } finally {
      if (values.keep === undefined) rmSync(place, { recursive: true, force: true })
    }
  })
