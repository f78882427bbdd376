/**
 * `npm run mutants`: plants every mistake of tests/mutants in the content and tells which of them no vignette notices.
 * `-- --kind "a window is left out"` for one kind, `-- --every 7` for a sample.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadContent } from '../src/content/load.ts'
import { caughtBy, examine } from '../tests/mutants/caught.ts'
import { mutantKinds, mutantsOf } from '../tests/mutants/mutants.ts'
import { loadVignettes } from '../tests/support/vignette.ts'

const { values } = parseArgs({
  options: { kind: { type: 'string' }, every: { type: 'string', default: '1' } },
})
const content = loadContent(join(import.meta.dirname, '..'))
const examined = examine(loadVignettes().flatMap(({ vignettes }) => vignettes))
const wanted = mutantsOf(content)
  .filter(({ kind }) => values.kind === undefined || kind === values.kind)
  .filter((_, at) => at % Number(values.every) === 0)

const missed = new Map<string, string[]>()
const tried = new Map<string, number>()
for (const mutant of wanted) {
  tried.set(mutant.kind, (tried.get(mutant.kind) ?? 0) + 1)
  if ((await caughtBy(mutant, examined)) === undefined)
    missed.set(mutant.kind, [...(missed.get(mutant.kind) ?? []), mutant.where])
}

let all = 0
for (const kind of mutantKinds) {
  const of = tried.get(kind) ?? 0
  const list = missed.get(kind) ?? []
  all += list.length
  if (of === 0) continue
  console.log(`${kind}: ${of - list.length} of ${of} caught`)
  for (const where of list) console.log(`    not caught: ${where}`)
}
const per = (100 * (wanted.length - all)) / Math.max(1, wanted.length)
console.log(`${wanted.length - all} of ${wanted.length} caught (${per.toFixed(1)} %)`)
