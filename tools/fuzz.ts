/**
 * `npm run fuzz -- --minutes 10`: changes the bodies of calls, tokens, answers of FHIR servers and addresses for so long
 * each, steered by the code that they make run, against the whole service. `-- --target token` one of them, `-- --seed 7`
 * begins elsewhere. What is found, and what made new code run, is kept in tests/fuzz/corpus.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { countOf, Misunderstood, readArguments } from '../src/cli/arguments.ts'
import { asked } from '../src/cli/run.ts'
import { targetNames } from '../tests/fuzz/targets.ts'
import { corpusOf, type Hunt, hunt } from '../tests/fuzz/watch.ts'
import { table } from '../tests/support/table.ts'

const { minutes, targets, seed } = asked((words) => {
  const { values } = readArguments(
    words,
    {
      minutes: { type: 'string', default: '10' },
      target: { type: 'string', default: '' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    },
    0,
  )
  const wanted = targetNames.filter((name) => values.target === '' || name === values.target)
  if (wanted.length === 0)
    throw new Misunderstood(`There is no target "${values.target}": say one of ${targetNames.join(', ')}.`)
  return {
    minutes: countOf(values.minutes, '--minutes', 1),
    targets: wanted,
    seed: countOf(values.seed, '--seed', 0),
  }
})

/** Bytes of an input that is kept, and how many of a run at most: the corpus is read by people, and by every run. */
const longestKept = 12_000
const mostKept = 25

const rows: string[][] = []
for (const target of targets) {
  const found = await hunt(target, minutes * 60, seed)
  for (const { why, input } of found.findings) {
    console.log(`${target}: ${why}\nkept as ${keep(target, input)}\n`)
  }
  const inputs = worthKeeping(found.kept)
  for (const input of inputs) keep(target, input)
  rows.push([
    target,
    String(found.runs),
    String(found.before),
    String(found.blocks),
    String(inputs.length),
    String(found.findings.length),
  ])
}
console.log(
  table([['target', 'inputs', 'blocks at first', 'at the end', 'inputs kept', 'findings'], ...rows]),
)
console.log(`seed ${seed}`)
process.exitCode = rows.every((row) => row.at(-1) === '0') ? 0 : 1

/** The inputs that made most new code run. */
function worthKeeping(kept: Hunt['kept']): string[] {
  return kept
    .filter(({ input }) => Buffer.byteLength(input) <= longestKept)
    .sort((one, other) => other.blocks.length - one.blocks.length)
    .slice(0, mostKept)
    .map(({ input }) => input)
}

function keep(target: (typeof targetNames)[number], input: string): string {
  const folder = corpusOf(target)
  mkdirSync(folder, { recursive: true })
  const file = join(folder, createHash('sha256').update(input).digest('hex').slice(0, 12))
  writeFileSync(file, input)
  return file
}
