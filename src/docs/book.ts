/** What the generated pages are made of: the content, and in which of its files rules and facts stand. */
import { basename } from 'node:path'
import { readCards } from '../pathway/cards.ts'
import type { Content } from '../pathway/content.ts'
import { filesIn, readYaml } from '../pathway/files.ts'
import { Problems } from '../pathway/problems.ts'
import { type Card, factsFile, type Rule, rulesFileIn, topicsFile } from '../pathway/schema.ts'
import { checkShape } from '../pathway/shape.ts'
import { isRetired } from '../pathway/status.ts'
import { type DecisionTable, decisionTableFile } from './decision-table.ts'

export interface RuleFile {
  /** Relative to the project root. */
  file: string
  about: string
  /** In file order, the retired among them. */
  rules: readonly Rule[]
}

export interface FactFile {
  /** `red-flags` */
  name: string
  file: string
  facts: readonly string[]
}

export interface Book {
  /** As written: no site's own numbers, and no rule left out by it. */
  content: Content
  ruleFiles: readonly RuleFile[]
  factFiles: readonly FactFile[]
  table: DecisionTable
  /** FHIR resource types that a fact reads. */
  reads(fact: string): ReadonlySet<string>
}

/** As the story of a case goes; files that are not named come after. */
const readingOrder = ['order', 'episode', 'red-flags', 'yellow-flags', 'care', 'opioids']

export const decisionTablePath = 'pathway/decision-table.yaml'

/** @throws ContentError */
export function readBook(root: string, content: Content, reads: Book['reads']): Book {
  const problems = new Problems()
  const table = checkShape(decisionTableFile, readYaml(root, decisionTablePath, problems), problems)
  const ruleFiles = readRuleFiles(root)
  const cards: Record<string, Card> = {}
  for (const [rule, card] of readCards(root, problems)) if (card) cards[rule] = card.value
  problems.throwIfAny()
  if (!table) throw new Error(`${decisionTablePath} is incomplete`)
  const rules = ruleFiles.flatMap((file) => file.rules).filter((rule) => !isRetired(rule))
  const written = { ...content, rules, cards, parameters: content.pathway.parameters }
  return { content: written, ruleFiles, factFiles: readFactFiles(root), table, reads }
}

/** @throws ContentError */
export function readRuleFiles(root: string): RuleFile[] {
  const problems = new Problems()
  const topics =
    checkShape(topicsFile, readYaml(root, 'pathway/topics.yaml', problems), problems)?.topics ?? {}
  const rulesFile = rulesFileIn(topics)
  const files = filesIn(root, 'pathway/rules', '.yaml').flatMap((file) => {
    const read = checkShape(rulesFile, readYaml(root, file, problems), problems)
    return read ? [{ file, about: read.about, rules: read.rules }] : []
  })
  problems.throwIfAny()
  return files
}

/** @throws ContentError */
export function readFactFiles(root: string): FactFile[] {
  const problems = new Problems()
  const files = filesIn(root, 'pathway/facts', '.yaml').flatMap((file) => {
    const read = checkShape(factsFile, readYaml(root, file, problems), problems)
    return read ? [{ name: basename(file, '.yaml'), file, facts: Object.keys(read.facts) }] : []
  })
  problems.throwIfAny()
  const place = ({ name }: FactFile) =>
    readingOrder.includes(name) ? readingOrder.indexOf(name) : readingOrder.length
  return files.sort((a, b) => place(a) - place(b))
}
