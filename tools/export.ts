/**
 * `npm run export -- --out <folder>`: writes the pathway as a FHIR R4 package (`package/`, in the form of NPM): the rules as CQL and
 * ELM, a PlanDefinition for each hook, value sets, orders, the checklist. `npm pack <folder>/package` makes one file of it.
 * `-- --compare` puts the facts of every vignette and of 1,000 events of the fidelity trial through the exported rules in
 * cql-execution, and all of those charts through the exported reading of charts, which takes some ten minutes, and tells each answer
 * that differs from our own, and what is left open.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { dayOf, Misunderstood, readArguments } from '../src/cli/arguments.ts'
import { run, todayIn } from '../src/cli/run.ts'
import { packageOf } from '../src/export/package.ts'
import { loadContent } from '../src/pathway/load.ts'
import { examplesOf, exportableOf } from './exportable.ts'

const root = resolve(import.meta.dirname, '..')

await run(async (words, print) => {
  const { values } = readArguments(
    words,
    { out: { type: 'string' }, date: { type: 'string' }, compare: { type: 'boolean', default: false } },
    0,
  )
  const { out, compare } = values
  if (out === undefined && !compare)
    throw new Misunderstood(
      'Say where to write: --out <folder>; or --compare, to hold it against the service.',
    )
  if (out !== undefined) {
    const date = values.date === undefined ? todayIn('UTC') : dayOf(values.date, '--date')
    const content = loadContent(root)
    const files = packageOf(content, exportableOf(content), { date }, await examplesOf(content, date))
    for (const [path, text] of files) {
      const file = join(resolve(out), path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
    print(`${files.size} files in ${join(out, 'package')}; what they do not say stands in other/not-said.md`)
  }
  if (compare) {
    const { compareAll } = await import('../tests/export/compare.ts')
    const { compareCharts } = await import('../tests/export/chart.ts')
    const { cases, verdicts, differences, onCondition } = await compareAll()
    print(`The rules: ${cases} cases, ${verdicts} verdicts, ${differences.length} differ`)
    print(`Speak on a condition here, and are silent there: ${[...onCondition.keys()].join(', ')}`)
    const { charts, yes, no, words, ofKnown, answered, leftOpen, differences: others } = await compareCharts()
    print(
      `The reading of charts: ${charts} orders in their charts, ${yes} times yes, ${no} times no and ${words} words and numbers of ${ofKnown} answers, ${others.length} differ`,
    )
    print(
      `${answered.size} facts were answered; left open, by how often: ${[...leftOpen].map((each) => each.join(' ')).join(', ')}`,
    )
    for (const difference of [...differences, ...others].slice(0, 50)) print(difference)
    if (differences.length + others.length > 0) process.exitCode = 1
  }
})
