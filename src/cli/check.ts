/** `npm run check [folder]`: is the content sound? Every mistake with its file, line and mend. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { checkDefinitions } from '../pathway/definitions.ts'
import { loadContent } from '../pathway/load.ts'
import { ContentError, Problems } from '../pathway/problems.ts'
import { Misunderstood, readArguments } from './arguments.ts'
import { type Print, run } from './run.ts'

async function check(words: readonly string[], print: Print): Promise<void> {
  const [folder] = readArguments(words, {}, 1).positionals
  const root = resolve(folder ?? `${import.meta.dirname}/../..`)
  if (!existsSync(root)) throw new Misunderstood(`There is no folder ${root}`)
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
    print(`content is sound: ${counts.map((count) => count.join(' ')).join(', ')}`)
  } catch (error) {
    if (!(error instanceof ContentError)) throw error
    const { length } = error.problems
    console.error(`${error.message}\n\n${length} ${length === 1 ? 'problem' : 'problems'} in the content`)
    process.exitCode = 1
  }
}

await run(check)
