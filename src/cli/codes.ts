/**
 * `npm run codes`: writes the value sets anew from their definitions and the reference data in the folder given by
 * `--from`. `--check` writes nothing, and fails when a set is stale or a definition left something undecided.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ContentError } from '../content/problems.ts'
import { deriveCodes } from './codes/derive.ts'

const { values } = parseArgs({
  options: { from: { type: 'string' }, check: { type: 'boolean', default: false } },
})
const root = resolve(`${import.meta.dirname}/../..`)
const folder = resolve(values.from ?? join(root, '../shared/terminology'))

try {
  const derived = deriveCodes(root, folder)
  if (!derived) {
    console.error(`no reference data in ${folder}: name its folder with --from`)
    process.exitCode = 1
  } else tell(derived)
} catch (error) {
  if (!(error instanceof ContentError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

function tell({ files, problems }: NonNullable<ReturnType<typeof deriveCodes>>) {
  const stale = [...files].filter(([path, text]) => {
    const file = join(root, path)
    return !existsSync(file) || readFileSync(file, 'utf8') !== text
  })
  for (const problem of problems) console.error(problem)
  for (const [path, text] of stale) {
    if (!values.check) writeFileSync(join(root, path), text)
    console.log(values.check ? `${path} is stale` : `wrote ${path}`)
  }
  if (problems.length > 0) console.error(`${problems.length} things to decide in the definitions`)
  if (problems.length > 0 || (values.check && stale.length > 0)) process.exitCode = 1
  else console.log(`${files.size} files are current`)
}
