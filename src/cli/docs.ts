/** `npm run docs`: writes what is generated from the content. `--check` writes nothing and names what is stale. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { examplesPath } from '../content/examples.ts'
import { jsonSchemaFolder } from '../content/json-schema.ts'
import { loadContent } from '../content/load.ts'
import { ContentError } from '../content/problems.ts'
import { type Book, decisionTablePath, readBook } from '../docs/book.ts'
import { trace } from '../docs/decision-table.ts'
import { generatedFiles } from '../docs/pages.ts'
import { compileFacts } from '../facts/find-facts.ts'
import { collectExamples, examplesText } from './examples/collect.ts'
import { requirementsPage, requirementsPath } from './requirements.ts'
import { readVignettes } from './vignettes.ts'

const { values, positionals } = parseArgs({
  options: { check: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const root = resolve(positionals[0] ?? `${import.meta.dirname}/../..`)

try {
  const content = loadContent(root)
  const book = readBook(root, content, compileFacts(content).reads)
  const coverage = trace(book.table, content)
  if (coverage.problems.length > 0)
    fail(coverage.problems.map((problem) => `${decisionTablePath}: ${problem}`))
  else finish(new Map([...generatedFiles(book, coverage), ...(await examplesOf(book)), ...requirements()]))
} catch (error) {
  if (!(error instanceof ContentError)) throw error
  fail([error.message])
}

/** None for content that has no vignettes. */
async function examplesOf({ content }: Book): Promise<[string, string][]> {
  const vignettes = readVignettes(root)
  if (vignettes.length === 0) return []
  return [[examplesPath, examplesText(await collectExamples(content, vignettes))]]
}

function requirements(): [string, string][] {
  const page = requirementsPage(root)
  return page === undefined ? [] : [[requirementsPath, page]]
}

function finish(files: ReadonlyMap<string, string>): void {
  const isCurrent = ([path, text]: [string, string]) =>
    existsSync(join(root, path)) && readFileSync(join(root, path), 'utf8') === text
  const stale = [...files].filter((file) => !isCurrent(file))
  if (values.check) check(stale, leftOver(files))
  else write(stale)
  if (process.exitCode !== 1) console.log(`${files.size} generated files are current`)
}

function check(stale: readonly [string, string][], left: readonly string[]): void {
  const told = [
    ...stale.map(([path]) => `${path} is stale`),
    ...left.map((path) => `${path} is made by nothing: delete it`),
  ]
  if (told.length > 0) fail([...told, '', 'Run: npm run docs'])
}

function write(stale: readonly [string, string][]): void {
  for (const [path, text] of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
    console.log(`wrote ${path}`)
  }
}

/** Schemas of files that are no more. */
function leftOver(files: ReadonlyMap<string, string>): string[] {
  const folder = join(root, jsonSchemaFolder)
  const names = existsSync(folder) ? readdirSync(folder) : []
  return names.map((name) => `${jsonSchemaFolder}/${name}`).filter((path) => !files.has(path))
}

function fail(lines: readonly string[]): void {
  console.error(lines.join('\n'))
  process.exitCode = 1
}
