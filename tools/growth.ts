/**
 * `npm run growth`: every place of a call, a chart, an answer or an address that can grow, at the most that can come and
 * at half of it; minutes. `-- --only dosageInstruction` those whose name holds this, `-- --megabytes 1` a size.
 */

import { countOf, readArguments } from '../src/cli/arguments.ts'
import { asked } from '../src/cli/run.ts'
import { allCases } from '../tests/growth/cases.ts'
import { judge, slowness, type Verdict } from '../tests/growth/measure.ts'
import { table } from '../tests/support/table.ts'

const { only, megabytes } = asked((words) => {
  const { values } = readArguments(
    words,
    { only: { type: 'string', default: '' }, megabytes: { type: 'string', default: '8' } },
    0,
  )
  return { only: values.only, megabytes: countOf(values.megabytes, '--megabytes', 1) }
})
const cases = allCases().filter(({ name }) => name.includes(only))
console.log(
  `${cases.length} places, on a machine ${(await slowness()).toFixed(1)} times as slow as the budget's`,
)

const dearest: (Verdict & { name: string })[] = []
const wrong: string[] = []
for (const [at, each] of cases.entries()) {
  const verdict = await judge(each, megabytes * 1_000_000)
  dearest.push({ ...verdict, name: each.name })
  if (verdict.wrong !== undefined) {
    wrong.push(each.name)
    console.log(`${each.name} ${verdict.wrong}`)
  }
  if (at % 500 === 499) console.log(`${at + 1} of ${cases.length}`)
}
dearest.sort((one, other) => other.ms - one.ms)
const rows = dearest
  .slice(0, 20)
  .map(({ name, ms, allocated }) => [name, ms.toFixed(0), (allocated / 1e6).toFixed(0)])
console.log(`\nThe dearest:\n${table([['what grows', 'CPU ms', 'MB allocated'], ...rows])}`)
console.log(wrong.length === 0 ? '\nNothing grows faster than it may.' : `\n${wrong.length} grow too fast.`)
process.exitCode = wrong.length === 0 ? 0 : 1
