/** `npm run docs`: writes what is generated from the content. `--check` writes nothing and names what is stale. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Book, decisionTablePath, readBook, trace } from '../docs/book.ts'
import { generatedFiles, measuresPage } from '../docs/pages.ts'
import { compileFacts } from '../facts/find-facts.ts'
import type { Content } from '../pathway/content.ts'
import { examplesPath } from '../pathway/examples.ts'
import { jsonSchemaFolder } from '../pathway/json-schema.ts'
import { loadContent } from '../pathway/load.ts'
import { readMeasures } from '../pathway/measures.ts'
import { Misunderstood, readArguments } from './arguments.ts'
import { collectExamples, examplesText } from './examples/collect.ts'
import { requirementsPage, requirementsPath } from './requirements.ts'
import { run } from './run.ts'
import { readVignettes } from './vignettes.ts'

interface Asked {
  root: string
  onlyChecks: boolean
}

async function docs(words: readonly string[]): Promise<void> {
  const { values, positionals } = readArguments(words, { check: { type: 'boolean', default: false } }, 1)
  const root = resolve(positionals[0] ?? `${import.meta.dirname}/../..`)
  if (!existsSync(root)) throw new Misunderstood(`There is no folder ${root}`)
  const content = loadContent(root)
  const book = readBook(root, content, compileFacts(content).reads)
  const { problems } = trace(book.table, content)
  if (problems.length > 0) return fail(problems.map((problem) => `${decisionTablePath}: ${problem}`))
  const made = [
    ...generatedFiles(book),
    ...(await examplesOf(book, root)),
    ...requirements(root),
    ...measures(root, content),
  ]
  finish(new Map(made), { root, onlyChecks: values.check })
}

/** None for content that has no vignettes. */
async function examplesOf({ content }: Book, root: string): Promise<[string, string][]> {
  const vignettes = readVignettes(root)
  if (vignettes.length === 0) return []
  return [[examplesPath, examplesText(await collectExamples(content, vignettes))]]
}

/** None for content that has no measures. */
function measures(root: string, { sources }: Content): [string, string][] {
  const defined = readMeasures(root, sources)
  return defined.length === 0 ? [] : [['docs/measures.md', measuresPage(defined, sources)]]
}

function requirements(root: string): [string, string][] {
  const page = requirementsPage(root)
  return page === undefined ? [] : [[requirementsPath, page]]
}

function finish(files: ReadonlyMap<string, string>, { root, onlyChecks }: Asked): void {
  const isCurrent = ([path, text]: [string, string]) =>
    existsSync(join(root, path)) && readFileSync(join(root, path), 'utf8') === text
  const stale = [...files].filter((file) => !isCurrent(file))
  if (onlyChecks) check(stale, leftOver(files, root))
  else write(stale, root)
  if (process.exitCode !== 1) console.log(`${files.size} generated files are current`)
}

function check(stale: readonly [string, string][], left: readonly string[]): void {
  const told = [
    ...stale.map(([path]) => `${path} is stale`),
    ...left.map((path) => `${path} is made by nothing: delete it`),
  ]
  if (told.length > 0) fail([...told, '', 'Run: npm run docs'])
}

function write(stale: readonly [string, string][], root: string): void {
  for (const [path, text] of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
    console.log(`wrote ${path}`)
  }
}

/** Schemas of files that are no more. */
function leftOver(files: ReadonlyMap<string, string>, root: string): string[] {
  const folder = join(root, jsonSchemaFolder)
  const names = existsSync(folder) ? readdirSync(folder) : []
  return names.map((name) => `${jsonSchemaFolder}/${name}`).filter((path) => !files.has(path))
}

function fail(lines: readonly string[]): void {
  console.error(lines.join('\n'))
  process.exitCode = 1
}

await run(docs)
