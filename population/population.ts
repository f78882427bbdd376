/**
 * `npm run population -- --patients 10000 --out folder`: writes an invented population as a bulk export (NDJSON, one file a
 * type) with its known totals in truth.json. `--seed` gives other people, `--year` another year (2024); `--imaging 0.65` lets its
 * clinicians order fewer images than they would by themselves, as after a change that worked.
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
      imaging: { type: 'string', default: '1' },
      out: { type: 'string' },
    },
    0,
  )
  const { out } = values
  if (out === undefined) throw new Misunderstood('Say where to write: --out <folder>.')
  const year = countOf(values.year, '--year', 1990)
  if (year > 2100) throw new Misunderstood('--year is a year up to 2100.')
  const patients = countOf(values.patients, '--patients', 1)
  const imaging = Number(values.imaging)
  if (!(imaging >= 0 && imaging <= 2)) throw new Misunderstood('--imaging is a number from 0 to 2.')
  const truth = writePopulation({ out, patients, seed: countOf(values.seed, '--seed'), year, imaging })
  print(
    `${truth.patients} people, ${truth.episodes} of them with a new back pain, ${truth.resources} resources in ${out}`,
  )
})
