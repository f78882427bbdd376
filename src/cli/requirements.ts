/** The requirements that tests cite by their codes, as a page: `docs/requirements.md` is written from the tests alone. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cell, link, stacked, table } from '../docs/markdown.ts'

export const requirementsPath = 'docs/requirements.md'

/** Area of a code, and where what it asks is written. */
const areas: Readonly<Record<string, string>> = {
  GEN: 'CDS Hooks: JSON and transport',
  DISC: 'CDS Hooks: discovery',
  REQ: 'CDS Hooks: calling a service',
  HK: 'CDS Hooks: hook contexts',
  OS: 'CDS Hooks: order-select and order-sign',
  FA: 'CDS Hooks: FHIR resource access',
  PF: 'CDS Hooks: prefetch',
  RSP: 'CDS Hooks: response',
  SUG: 'CDS Hooks: suggestions',
  LNK: 'CDS Hooks: links',
  FB: 'CDS Hooks: feedback',
  SEC: 'CDS Hooks: security, trusting clients',
  BEST: 'CDS Hooks: best practices, errors',
  R: 'SMART App Launch 2.2: launch, tokens, sessions',
  F: 'SMART App Launch: what goes wrong in the field',
}

/** The beginning of a title: its quote, and what may be codes. */
const beginning = /(['"`])([A-Z][-A-Za-z0-9, ]{0,80}): /g
const between = /, | and | to /
const oneCode = /^([A-Z]{1,4}-?)(\d{1,3})$/

interface Citation {
  area: string
  number: number
  says: string
  file: string
}

/** Undefined where there are no tests, as in the content of another folder. */
export function requirementsPage(root: string): string | undefined {
  const files = ['tests', 'sandbox/tests', 'conform/tests'].flatMap((folder) => testsIn(root, folder)).sort()
  const cited = files.flatMap((file) => citationsIn(file, readFileSync(join(root, file), 'utf8')))
  if (cited.length === 0) return undefined
  const sections = Object.entries(areas).flatMap(([area, what]) => {
    const of = cited
      .filter((each) => each.area.replace('-', '') === area)
      .sort((one, other) => one.number - other.number)
    return of.length === 0 ? [] : [`## ${area}: ${what}`, table(['code', 'shown by'], rowsOf(of))]
  })
  return `${[intro, ...sections].join('\n\n')}\n`
}

const intro = `<!-- Made by npm run docs from the titles of the tests. Do not edit. -->

# Requirements, and the tests that show them

A test that shows a requirement of a specification begins with its code, such as \`SEC-9: …\`. The codes are this project's
own short names for single demands of the specifications named in each heading; what is asked stands in the test's title.`

function testsIn(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') || name.endsWith('conformance.ts'))
    .map((name) => `${folder}/${name}`)
}

function citationsIn(file: string, text: string): Citation[] {
  return [...text.matchAll(beginning)].flatMap(({ 0: begun, 1: quote = '', 2: codes = '', index }) => {
    const cited = codes.split(between).map((code) => oneCode.exec(code) ?? [])
    if (!cited.every(([, area = '']) => (area.length > 1 ? area.endsWith('-') : true) && isKnown(area)))
      return []
    const says = upTo(quote, text, index + begun.length)
    if (says === undefined) return []
    return cited.map(([, area = '', number = '']) => ({ area, number: Number(number), says, file }))
  })
}

const isKnown = (area: string) => Object.hasOwn(areas, area.replace('-', ''))

/** What stands before the quote that ends it on the same line, its escapes taken away. */
function upTo(quote: string, text: string, from: number): string | undefined {
  let says = ''
  for (let at = from; at < text.length && text[at] !== '\n'; at += 1) {
    if (text[at] === quote) return says
    if (text[at] === '\\') at += 1
    says += text[at] ?? ''
  }
  return undefined
}

function rowsOf(cited: readonly Citation[]): string[][] {
  const byNumber = Map.groupBy(cited, ({ number }) => number)
  return [...byNumber].map(([number, each]) => {
    const shown = each.map(({ says, file }) => `${cell(says)} (${link(nameOf(file), `../${file}`)})`)
    return [`${each[0]?.area}${number}`, stacked(...new Set(shown))]
  })
}

const nameOf = (file: string) => file.replace(/^.*\/|(\.test)?\.ts$/g, '')
