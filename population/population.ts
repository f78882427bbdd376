/**
 * `npm run population -- --patients 10000 --out folder`: writes an invented population as a bulk export (NDJSON, one file a
 * type) with its known totals in truth.json. `--seed` gives other people, `--year` another year (2024).
 */
import { countOf, Misunderstood, readArguments } from '../src/cli/arguments.ts'
import { run } from '../src/cli/run.ts'
import { writePopulation } from './generate/write.ts'

await run(async (words, print) => {
  const { values } = readArguments(
    words,
    {
      patients: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      year: { type: 'string', default: '2024' },
      out: { type: 'string' },
    },
    0,
  )
  const { out } = values
  if (out === undefined) throw new Misunderstood('Say where to write: --out <folder>.')
  const year = countOf(values.year, '--year', 1990)
  if (year > 2100) throw new Misunderstood('--year is a year up to 2100.')
  const patients = countOf(values.patients, '--patients', 1)
  const truth = writePopulation({ out, patients, seed: countOf(values.seed, '--seed'), year })
  print(
    `${truth.patients} people, ${truth.episodes} of them with a new back pain, ${truth.resources} resources in ${out}`,
  )
})
