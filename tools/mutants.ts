/**
 * `npm run mutants`: plants every mistake of tests/mutants in the content and tells which of them nobody notices.
 * `-- --kind "a window is left out"` for one kind, `-- --where RF04b` for what names that, `-- --every 7` for a sample.
 */
import { join } from 'node:path'
import { countOf, Misunderstood, readArguments } from '../src/cli/arguments.ts'
import { asked } from '../src/cli/run.ts'
import { loadContent } from '../src/pathway/load.ts'
import { loadVignettes } from '../tests/language/vignette.ts'
import { whoNotices } from '../tests/mutants/caught.ts'
import { nameOf, readEquivalents } from '../tests/mutants/equivalent.ts'
import { mutantKinds } from '../tests/mutants/mutant.ts'
import { mutantsOf } from '../tests/mutants/mutants.ts'

const {
  kind: onlyKind,
  where: part,
  every,
} = asked((words) => {
  const { kind, where, every } = readArguments(
    words,
    {
      kind: { type: 'string' },
      where: { type: 'string', default: '' },
      every: { type: 'string', default: '1' },
    },
    0,
  ).values
  if (kind !== undefined && !mutantKinds.some((each) => each === kind))
    throw new Misunderstood(`There is no kind "${kind}". There are\n${mutantKinds.join('\n')}`)
  return { kind, where, every: countOf(every, '--every', 1) }
})
const content = loadContent(join(import.meta.dirname, '..'))
const wanted = mutantsOf(content)
  .filter(({ kind }) => onlyKind === undefined || kind === onlyKind)
  .filter(({ where }) => where.includes(part))
  .filter((_, at) => at % every === 0)

const unseen = readEquivalents().map(nameOf)
const planted = wanted.filter((mutant) => !unseen.includes(nameOf(mutant)))
const nobody = 'nobody'
const vignettes = loadVignettes().flatMap((file) => file.vignettes)
const noticed = await whoNotices(content, vignettes, planted)
const outcomes = [...noticed].map(([{ kind, where }, by]) => ({ kind, where, by: by?.by ?? nobody }))

for (const kind of mutantKinds) {
  const own = outcomes.filter((each) => each.kind === kind)
  if (own.length === 0) continue
  console.log(`${kind}: ${tally(own)}`)
  for (const { where, by } of own) if (by === nobody) console.log(`    ${where}`)
}
console.log(`All: ${tally(outcomes)}`)
if (planted.length < wanted.length)
  console.log(
    `${wanted.length - planted.length} more change no answer: tests/mutants/equivalent.yaml says why.`,
  )

function tally(list: readonly { by: string }[]): string {
  const counts = new Map<string, number>()
  for (const { by } of list) counts.set(by, (counts.get(by) ?? 0) + 1)
  const caught = list.length - (counts.get(nobody) ?? 0)
  const by = [...counts].filter(([name]) => name !== nobody).map(([name, count]) => `${count} by ${name}`)
  return `${caught} of ${list.length} noticed (${((100 * caught) / list.length).toFixed(1)} %): ${by.join(', ')}`
}
