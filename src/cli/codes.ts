/**
 * `npm run codes`: writes the value sets anew from their definitions and the reference data in the folder given by
 * `--from`. `--check` writes nothing, and fails when a set is stale or a definition left something undecided.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Misunderstood, readArguments } from './arguments.ts'
import { deriveCodes } from './codes/derive.ts'
import { type Print, run } from './run.ts'

const root = resolve(`${import.meta.dirname}/../..`)

async function codes(words: readonly string[], print: Print): Promise<void> {
  const { values } = readArguments(
    words,
    { from: { type: 'string' }, check: { type: 'boolean', default: false } },
    0,
  )
  const folder = resolve(values.from ?? join(root, '../shared/terminology'))
  const derived = deriveCodes(root, folder)
  if (!derived) throw new Misunderstood(`no reference data in ${folder}: name its folder with --from`)
  tell(derived, values.check, print)
}

function tell(
  { files, problems }: NonNullable<ReturnType<typeof deriveCodes>>,
  onlyChecks: boolean,
  print: Print,
) {
  const stale = [...files].filter(([path, text]) => {
    const file = join(root, path)
    return !existsSync(file) || readFileSync(file, 'utf8') !== text
  })
  for (const problem of problems) console.error(problem)
  for (const [path, text] of stale) {
    if (!onlyChecks) writeFileSync(join(root, path), text)
    print(onlyChecks ? `${path} is stale` : `wrote ${path}`)
  }
  if (problems.length > 0) console.error(`${problems.length} things to decide in the definitions`)
  if (problems.length > 0 || (onlyChecks && stale.length > 0)) process.exitCode = 1
  else print(`${files.size} files are current`)
}

await run(codes)
