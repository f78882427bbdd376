/**
 * `npm run vignettes:fill`: writes into each vignette which lines and offers its cards carry today, all of them and in
 * their order. For after a change of rules, and to be read as a diff before it is kept: what a vignette states of cards
 * and indicators is never touched, and a vignette whose cards are others is named and left as it is. A number that two
 * vignettes have is named too, with some that are free.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMap, isScalar, isSeq, parseDocument, type YAMLMap } from 'yaml'
import type { Card } from '../src/cards/render.ts'
import { readArguments } from '../src/cli/arguments.ts'
import { asked } from '../src/cli/run.ts'
import { createEvaluator } from '../src/evaluate.ts'
import { parseCall } from '../src/hooks/call.ts'
import { services } from '../src/hooks/services.ts'
import { loadContent } from '../src/pathway/load.ts'
import {
  answersTo,
  type ExpectedCard,
  loadVignettes,
  siteSettings,
  type Vignette,
} from '../tests/language/vignette.ts'
import { toCall } from '../tests/support/call.ts'
import { nameOfRule } from '../tests/support/rule-names.ts'

asked((words) => readArguments(words, {}, 0))
const root = join(import.meta.dirname, '..')
const folder = join(root, 'tests/vignettes')
const content = loadContent(root)
const changes = new Map<string, number>()
const left: string[] = []

const everyNumber = loadVignettes(folder).flatMap(({ name, vignettes }) =>
  [...new Set(vignettes.map(writtenAs))].map((number) => ({ number, name })),
)
const repeated = everyNumber.filter(({ number }, at) =>
  everyNumber.some((each, before) => before < at && each.number === number),
)
if (repeated.length > 0) {
  const taken = new Set(everyNumber.map(({ number }) => number))
  const free = Array.from({ length: 9999 }, (_, at) => `L${String(at + 1).padStart(3, '0')}`)
  const some = free.filter((number) => !taken.has(number)).slice(0, 8)
  const where = repeated.map(({ number, name }) => `${number} in ${name}`).join(', ')
  console.log(`Numbers that another vignette has: ${where}. Free are ${some.join(', ')}.\n`)
}

for (const { name, vignettes } of loadVignettes(folder)) {
  const path = join(folder, name)
  const text = readFileSync(path, 'utf8')
  const edits: { from: number; to: number; text: string }[] = []
  const written = parseDocument(text).get('vignettes')
  if (!isSeq(written)) throw new Error(`${name} holds no vignettes`)
  const numbers = [...new Set(vignettes.map(writtenAs))]
  for (const vignette of vignettes) {
    const cards = await answer(vignette)
    const { cards: expected } = vignette.expect
    if (cards.map(codeOf).join() !== expected.map(({ rule }) => rule).join()) {
      left.push(
        `${vignette.vignette}: ${cards.map(codeOf).join(', ') || 'no card'} instead of ${expected.map(({ rule }) => rule).join(', ') || 'none'}`,
      )
      continue
    }
    const filled = expected.map((each, position) => filledIn(each, cards[position]))
    if (JSON.stringify(filled) === JSON.stringify(expected)) continue
    if (vignette.vignette.includes('-') && !vignette.vignette.endsWith('-1')) continue
    const at = numbers.indexOf(writtenAs(vignette))
    edits.push({ ...placeOf(written.items[at] as YAMLMap, text), text: told(filled.map(named)) })
  }
  let edited = text
  for (const { from, to, text: cards } of edits.reverse())
    edited = edited.slice(0, from) + cards + edited.slice(to)
  if (edited !== text) writeFileSync(path, edited)
}

for (const [change, count] of [...changes].sort(([, a], [, b]) => b - a))
  console.log(`${String(count).padStart(4)}  ${change}`)
if (left.length > 0) console.log(`\nOther cards than expected, left as they are:\n${left.join('\n')}`)

/** One that is told for each of several is written once, as its first. */
function writtenAs({ vignette }: Vignette): string {
  return vignette.split('-')[0] ?? vignette
}

async function answer(vignette: Vignette): Promise<Card[]> {
  const service = services.find(({ hook }) => hook === vignette.hook)
  if (!service) throw new Error(`No service for ${vignette.hook}`)
  const using = { ...content, site: { ...content.site, ...siteSettings(vignette.site) } }
  const evaluator = createEvaluator(using, {
    today: () => vignette.today,
    newId: () => 'id',
    answers: () => answersTo(vignette),
  })
  return (await evaluator.evaluate(parseCall(toCall(vignette), service))).cards
}

function codeOf(card: Card): string {
  return card.source.topic.code
}

function filledIn(expected: ExpectedCard, card: Card | undefined): ExpectedCard {
  const { lines = [], suggestions = [] } = card?.extension.lumbar ?? {}
  count(expected.rule, 'lines', expected.lines ?? [], lines)
  count(expected.rule, 'suggestions', expected.suggestions ?? [], suggestions)
  const { rule, indicator, lines: _, suggestions: __, offers: ___, ...rest } = expected
  return {
    rule,
    indicator,
    ...(lines.length > 0 ? { lines } : {}),
    ...(suggestions.length > 0 ? { suggestions } : {}),
    ...rest,
  }
}

function count(rule: string, what: string, before: readonly string[], now: readonly string[]): void {
  if (before.join() === now.join()) return
  const change = `${rule} ${what}: ${before.join(', ') || 'none'} → ${now.join(', ') || 'none'}`
  changes.set(change, (changes.get(change) ?? 0) + 1)
}

/** Of the value of `cards`, in the text of the file. */
function placeOf(vignette: YAMLMap, text: string): { from: number; to: number } {
  const expected = vignette.get('expect')
  const pair = isMap(expected)
    ? expected.items.find(({ key }) => isScalar(key) && key.value === 'cards')
    : undefined
  const range =
    pair?.value && typeof pair.value === 'object' && 'range' in pair.value
      ? (pair.value.range as [number, number, number])
      : undefined
  const after = pair && isScalar(pair.key) ? pair.key.range?.[1] : undefined
  if (!range || after === undefined) throw new Error('A vignette without cards')
  return { from: after + 1, to: range[0] + text.slice(range[0], range[1]).trimEnd().length }
}

/** Rules by the names that vignettes write. */
function named({ rule, lines, 'lines-not': not, ...rest }: ExpectedCard): ExpectedCard {
  return {
    rule: nameOfRule(rule),
    ...rest,
    ...(lines ? { lines: lines.map(nameOfRule) } : {}),
    ...(not ? { 'lines-not': not.map(nameOfRule) } : {}),
  }
}

/** As the other vignettes are written: a card that says little in one line, others a key a line. */
function told(cards: readonly ExpectedCard[]): string {
  const short = ` [${cards
    .map(
      (card) =>
        `{ ${Object.entries(card)
          .map(([key, value]) => `${key}: ${value1(value)}`)
          .join(', ')} }`,
    )
    .join(', ')}]`
  if (short.length < 100) return short
  return cards
    .map((card) =>
      Object.entries(card)
        .map(([key, value], at) => `\n        ${at === 0 ? '- ' : '  '}${key}: ${value1(value)}`)
        .join(''),
    )
    .join('')
}

function value1(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(scalar).join(', ')}]` : scalar(value)
}

function scalar(value: unknown): string {
  const text = String(value)
  return /^[\w.-]+$/.test(text) && !/^\d/.test(text) ? text : JSON.stringify(text)
}
