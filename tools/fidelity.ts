/**
 * `npm run fidelity`: puts the trial's population through the service in this process and prints what it got wrong.
 * `-- --list "false alarm" [--style coded] [--class word]` shows the events of a kind with their request files,
 * `-- --second` does the same with the second population (tests/trial) and lists every fault; `-- --write` writes
 * docs/fidelity.md and docs/trial.md and tightens the bounds.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openLibrary } from 'lumbar'
import { countOf, Misunderstood, readArguments } from '../src/cli/arguments.ts'
import { asked } from '../src/cli/run.ts'
import { readBounds, tighten } from '../tests/fidelity/bounds.ts'
import { burdenOf } from '../tests/fidelity/burden.ts'
import { type Judged, type Mistake, mistakes } from '../tests/fidelity/judge.ts'
import { report } from '../tests/fidelity/report.ts'
import { figuresOf, share } from '../tests/fidelity/tally.ts'
import { runTrial } from '../tests/fidelity/trial.ts'
import { judgeAll, pageOf } from '../tests/trial/page.ts'

const root = resolve(import.meta.dirname, '..')
const values = asked((words) => {
  const { values } = readArguments(
    words,
    {
      list: { type: 'string' },
      style: { type: 'string' },
      class: { type: 'string' },
      most: { type: 'string', default: '30' },
      second: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
    0,
  )
  return { ...values, list: kindOf(values.list), most: countOf(values.most, '--most') }
})

const library = openLibrary()
if (values.second || values.write) await second()
const judged = values.second ? [] : await runTrial(library)

if (values.second) console.log('docs/fidelity.md has the first population')
else if (values.list !== undefined) list(values.list)
else {
  const page = report(judged, await burdenOf(library))
  if (values.write) {
    tighten(figuresOf(judged))
    writeFileSync(join(root, 'docs/fidelity.md'), page)
    console.log('wrote docs/fidelity.md and tests/fidelity/bounds.yaml')
  } else console.log(page)
  tellBounds()
}

/** The second population: its page, and every fault in a line. */
async function second(): Promise<void> {
  const verdicts = await judgeAll(library)
  if (values.write) writeFileSync(join(root, 'docs/trial.md'), pageOf(verdicts))
  else console.log(pageOf(verdicts))
  // What is kept back is counted only: whoever reads its faults has nothing left to measure by.
  const listed = Object.entries(verdicts).flatMap(([part, all]) => (part === 'kept-back' ? [] : all))
  for (const { event, faults, said } of listed) {
    const made = Object.entries(faults).flatMap(([fault, is]) => (is ? [fault] : []))
    if (made.length > 0) console.log(`${made.join(', ')}: ${event.told} <${event.order}> said ${said}`)
  }
}

function tellBounds(): void {
  const figures = figuresOf(judged)
  for (const { style, mistake, target, held } of readBounds()) {
    const measured = share(figures[style][mistake])
    console.log(
      `${style.padEnd(6)} ${mistake.padEnd(22)} ${measured.toFixed(1).padStart(5)} %  target ≤ ${target} %, held at ${held} %`,
    )
  }
}

function kindOf(name: string | undefined): Mistake | undefined {
  const kind = mistakes.find((each) => each.toLowerCase() === name?.toLowerCase())
  if (name !== undefined && !kind)
    throw new Misunderstood(`There is no mistake "${name}". There are ${mistakes.join(', ')}.`)
  return kind
}

/** The events of one kind of mistake, in the words of a chart, and the request of each for `npm run explain`. */
function list(mistake: Mistake): void {
  const found = judged.filter((each) => each.judgement[mistake] && isWanted(each))
  const folder = join(tmpdir(), 'lumbar-fidelity')
  mkdirSync(folder, { recursive: true })
  for (const each of found.slice(0, values.most)) console.log(entry(each, mistake, folder))
  console.log(`${found.length} events`)
}

function isWanted({ event }: Judged): boolean {
  const { style, class: word } = values
  if (style !== undefined && event.style !== style) return false
  return word === undefined || Object.values(event.classes).some((value) => value.includes(word))
}

function entry({ event, said }: Judged, mistake: Mistake, folder: string): string {
  const { number, style, told, truth, body } = event
  const file = join(folder, `${number}.json`)
  writeFileSync(file, `${JSON.stringify(body, null, 2)}\n`)
  const safety = truth.safety.length > 0 ? `; dangers: ${truth.safety.join(', ')}` : ''
  return [
    `${number} ${style}: ${mistake}`,
    `  chart  ${told}`,
    `  truth  ${truth.verdict}: ${truth.why}${safety}`,
    `  said   ${said}`,
    `  file   ${file}`,
    '',
  ].join('\n')
}
