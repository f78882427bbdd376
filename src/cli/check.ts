/** `npm run check [folder]`: is the content sound? Every mistake with its file, line and mend. */
import { resolve } from 'node:path'
import { checkDefinitions } from '../content/definitions.ts'
import { loadContent } from '../content/load.ts'
import { ContentError, Problems } from '../content/problems.ts'

const root = resolve(process.argv[2] ?? `${import.meta.dirname}/../..`)

try {
  const { rules, facts, codes, cards, handouts } = loadContent(root)
  const problems = new Problems()
  checkDefinitions(root, codes, problems)
  problems.throwIfAny()
  const counts = [
    [rules.length, 'rules'],
    [Object.keys(facts).length, 'facts'],
    [codes.rows.length, 'codes'],
    [Object.keys(cards).length, 'cards'],
    [Object.values(handouts?.texts ?? {}).flatMap(Object.keys).length, 'pages for patients'],
  ]
  console.log(`content is sound: ${counts.map((count) => count.join(' ')).join(', ')}`)
} catch (error) {
  if (!(error instanceof ContentError)) throw error
  const { length } = error.problems
  console.error(`${error.message}\n\n${length} ${length === 1 ? 'problem' : 'problems'} in the content`)
  process.exitCode = 1
}
