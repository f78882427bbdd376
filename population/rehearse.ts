/**
 * `npm run rehearse -- --from folder`: replays every order of lumbar imaging and of an opioid in a bulk export as of its
 * day, before anything is switched on, and writes what would have been said: rehearsal.html, samples.html with cases for a
 * clinician to judge, local-codes.csv and rehearsal.json, into `--out` (rehearsal). Nothing leaves this machine, on which
 * DuckDB does it: there is no rehearsal on a cluster.
 *
 * `--marks file` reads back what that page saved (marks.csv), beside the rehearsal in `--out`, and writes marks.html: how
 * often the cards of each rule were wrong.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import papaparse from 'papaparse'
import { Misunderstood, readArguments, readNamed, readNamedObject } from '../src/cli/arguments.ts'
import { run } from '../src/cli/run.ts'
import { type Library, openLibrary } from '../src/library.ts'
import { openDuck } from './duck.ts'
import { takeIn } from './intake.ts'
import { loadCodes, loadViews } from './load.ts'
import { buildBlocks } from './measure.ts'
import { couldNotRead } from './rehearsal/could-not-read.ts'
import { marked, marksPage, readMarks } from './rehearsal/marks.ts'
import { type Rehearsed, rehearsalPage, samplesPage } from './rehearsal/page.ts'
import { Samples } from './rehearsal/samples.ts'
import { summarize } from './rehearsal/summary.ts'
import { replay } from './replay/replay.ts'

export interface Rehearsal extends Rehearsed {
  samples: Samples
}

/** The figures of a folder; `work` is a folder for what does not fit into memory. */
export async function rehearse(folder: string, lumbar: Library, work: string): Promise<Rehearsal> {
  const duck = await openDuck({ path: join(work, 'rehearsal.duckdb'), memory: '1000MB', spill: work })
  try {
    const intake = await takeIn(duck, folder, lumbar)
    await loadViews(duck, intake)
    await loadCodes(duck, lumbar.codes)
    await buildBlocks(duck, { start: '1900-01-01', end: '2999-12-31' })
    const samples = new Samples()
    const replayed = await replay(duck, intake, lumbar, (...heard) => samples.hear(...heard))
    const [span] = await duck.rows<{ first: string | null; last: string | null }>(
      "SELECT strftime(min(day), '%Y-%m-%d') AS first, strftime(max(day), '%Y-%m-%d') AS last FROM verdicts",
    )
    return {
      summary: await summarize(duck),
      unread: await couldNotRead(duck, intake, lumbar),
      replayed,
      samples,
      first: span?.first ?? 'no day',
      last: span?.last ?? 'no day',
    }
  } finally {
    await duck.close()
  }
}

if (import.meta.main)
  await run(async (words, print) => {
    const { values } = readArguments(
      words,
      {
        from: { type: 'string' },
        marks: { type: 'string' },
        out: { type: 'string', default: 'rehearsal' },
        site: { type: 'string' },
      },
      0,
    )
    if (values.marks !== undefined) return print(readBack(values.marks, values.out))
    if (values.from === undefined)
      throw new Misunderstood('Say what to rehearse on: --from <folder of NDJSON>.')
    const lumbar = openLibrary({ siteFile: values.site })
    const work = mkdtempSync(join(tmpdir(), 'lumbar-rehearsal-'))
    try {
      const found = await rehearse(values.from, lumbar, work)
      writeRehearsal(values.out, found, lumbar)
      const { orders, cards } = found.summary
      print(`${orders.imaging} orders of lumbar imaging, ${cards.imaging} of them with a card`)
      print(`${orders.opioid} orders of an opioid, ${cards.opioid} of them with a card`)
      print(`Read ${join(values.out, 'rehearsal.html')}`)
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
  })

/** Beside the rehearsal that they are about. */
function readBack(file: string, out: string): string {
  const kept = join(out, 'rehearsal.json')
  const { summary } = readNamedObject(kept) as Partial<Pick<Rehearsal, 'summary'>>
  if (!Array.isArray(summary?.byRule)) throw new Misunderstood(`${kept} is not what a rehearsal wrote.`)
  const spoken = new Map<string, number>()
  for (const { rule, orders } of summary.byRule)
    if (rule !== null) spoken.set(rule, (spoken.get(rule) ?? 0) + orders)
  const found = marked(readMarks(readNamed(file)), spoken)
  writeFileSync(join(out, 'marks.html'), marksPage(found))
  const lines = found.rules.map(
    ({ rule, right, wrong }) => `${rule.padEnd(8)}${wrong} wrong of ${right + wrong} that were judged`,
  )
  return [...lines, `Read ${join(out, 'marks.html')}`].join('\n')
}

function writeRehearsal(out: string, found: Rehearsal, lumbar: Library): void {
  mkdirSync(out, { recursive: true })
  const { samples, ...figures } = found
  writeFileSync(join(out, 'rehearsal.html'), rehearsalPage(found, lumbar))
  writeFileSync(join(out, 'samples.html'), samplesPage(samples.byRule, lumbar))
  writeFileSync(join(out, 'rehearsal.json'), `${JSON.stringify(figures, null, 1)}\n`)
  writeFileSync(join(out, 'local-codes.csv'), `${papaparse.unparse([...figures.unread.localCodes])}\n`)
}
