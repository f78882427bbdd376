/** `npm run seed -- <FHIR base address>`: loads the invented patients of `fhir-fixtures/` into a FHIR server. */

import { resolve } from 'node:path'
import { withoutClosingSlashes } from '../../src/bounds.ts'
import { Misunderstood, readArguments } from '../../src/cli/arguments.ts'
import { type Print, run, todayIn } from '../../src/cli/run.ts'
import { openContent } from '../../src/pathway/compiled.ts'
import { allResources, seed } from '../hapi/seed.ts'

const root = resolve(import.meta.dirname, '../..')

export async function seedServer(words: readonly string[], print: Print): Promise<void> {
  const { positionals } = readArguments(words, {}, 1)
  const [base = ''] = positionals
  if (!URL.canParse(base) || !/^https?:/.test(base)) {
    throw new Misunderstood('Say which FHIR server: npm run seed -- http://127.0.0.1:8080/fhir')
  }
  const today = todayIn((await openContent(root)).content.site['time-zone'])
  const { patients, resources } = await seed(withoutClosingSlashes(base), allResources(root, today))
  print(`${patients} invented patients, ${resources} resources, as of ${today}, are at ${base}`)
}

if (import.meta.main) await run(seedServer)
