/**
 * A fuzzer that steers by coverage, as a process of its own, for a while: what makes code run that did not run before is
 * kept, and changed further. It says which input it tries before it tries it, so that nothing is lost with it. Arguments:
 * target, seconds, seed, file of the input that is tried, folder of the corpus.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomFrom } from '../support/random.ts'
import { watchCoverage } from './coverage.ts'
import { mutated } from './mutate.ts'

const [name = '', seconds = '1', seed = '1', trying = '', folder = ''] = process.argv.slice(2)
// Before the service is loaded, so that all of it is watched.
const coverage = await watchCoverage()
const { openHospital } = await import('./hospital.ts')
const { targetNames, targetOf } = await import('./targets.ts')
const known = targetNames.find((each) => each === name)
if (known === undefined) throw new Error(`no target is called ${name}`)
const { seeds, words, send } = targetOf(known, await openHospital())

interface Kept {
  input: string
  blocks: readonly string[]
}

const kept: Kept[] = []
const seen = new Set<string>()
let runs = 0

/** Whether it made something run that nothing before it did. */
async function tries(input: string): Promise<boolean> {
  writeFileSync(trying, input)
  runs += 1
  try {
    await send(input)
  } catch (error) {
    process.send?.({ finding: input, why: String(error).slice(0, 2000) })
  }
  const blocks = await coverage.take()
  const fresh = blocks.filter((block) => !seen.has(block))
  for (const block of fresh) seen.add(block)
  if (fresh.length > 0) {
    kept.push({ input, blocks: fresh })
    if (!seeds.includes(input)) process.send?.({ kept: { input, blocks: fresh } })
  }
  return fresh.length > 0
}

const files = existsSync(folder) ? readdirSync(folder).sort() : []
await coverage.take()
for (const input of [...seeds, ...files.map((file) => readFileSync(join(folder, file), 'utf8'))])
  await tries(input)
const replayed = runs
const before = seen.size
const end = performance.now() + Number(seconds) * 1000
const random = randomFrom(Number(seed))
const corpus = () => kept.map(({ input }) => input)
while (performance.now() < end) {
  // What was found last has been changed the least.
  const at = random.chance(0.5)
    ? kept.length - 1 - random.below(Math.min(20, kept.length))
    : random.below(kept.length)
  await tries(mutated(kept[at]?.input ?? '', random, { words, corpus: corpus() }))
}
process.send?.({ ended: { runs, replayed, before, blocks: seen.size } }, () => process.exit(0))
