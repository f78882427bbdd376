/** Prints every fact, every rule and who was heard, without a server. */
import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import pc from 'picocolors'
import type { Content } from '../../content/content.ts'
import { loadContent } from '../../content/load.ts'
import { readFactFiles, readRuleFiles } from '../../docs/book.ts'
import { titleOf } from '../../docs/rules-section.ts'
import { speech } from '../../docs/sentence.ts'
import { createEvaluator, type Explanation } from '../../evaluate.ts'
import { parseCall } from '../../hooks/call.ts'
import { prepareCall, readArguments, readAsked } from '../asked.ts'
import { listing } from '../listing.ts'
import { cardLines } from '../print/card.ts'
import { caseLine, personLine } from '../print/case.ts'
import { factLines } from '../print/facts.ts'
import { whyNothing } from '../print/nothing.ts'
import { outcomeLines } from '../print/outcome.ts'
import { legend, ruleLines } from '../print/rules.ts'
import { hanging, terminalWidth } from '../print/text.ts'
import type { Print } from '../run.ts'
import { todayIn } from '../today.ts'

const root = resolve(import.meta.dirname, '../../..')

export async function explain(words: readonly string[], print: Print): Promise<void> {
  const { values, positionals } = readArguments(words, {
    hook: { type: 'string', default: 'order-sign' },
    all: { type: 'boolean', default: false },
  })
  if (positionals.length === 0) return print(listing(root, 'explain'))
  const asked = readAsked(root, positionals, values.hook)
  const content = loadContent(root)
  const today = todayIn(content.site['time-zone'])
  const { patient, body } = prepareCall(root, asked, content, today)
  const evaluator = createEvaluator(content, { today: () => today, newId: randomUUID })
  const found = await evaluator.explain(parseCall(body, asked.service))
  const told = [
    caseLine(asked, today),
    personLine(patient.patient),
    '',
    ...decisionLines(found, content, values.all),
    heading('Cards'),
    '',
    ...cardsOrWhyNot(found),
    ...(values.all
      ? []
      : [pc.dim('Facts and rules that do not hold are cut short; --all shows all of them.')]),
  ]
  print(told.join('\n'))
}

function decisionLines(
  { decisions, orders, planned }: Explanation,
  content: Content,
  showAll: boolean,
): string[] {
  const facts = readFactFiles(root)
  const rules = readRuleFiles(root).map(({ file, rules: own }) => ({
    title: titleOf(file),
    ids: own.map(({ id }) => id),
  }))
  const numberOf = (reference: string | number) =>
    typeof reference === 'number' ? reference : (content.parameters[reference.slice(1)]?.value ?? Number.NaN)
  const reading = { speech: speech(content), numberOf, showAll }
  return decisions.flatMap((decision, at) => [
    heading(orders[at]?.name || 'The opened chart'),
    '',
    ...factLines(facts, decision.facts, showAll),
    legend,
    '',
    ...ruleLines(rules, decision, reading),
    pc.bold('Who is heard'),
    ...outcomeLines(decision, planned),
    '',
  ])
}

function cardsOrWhyNot(found: Explanation): string[] {
  if (found.cards.length > 0) return found.cards.flatMap((card) => [...cardLines(card), ''])
  const reasons = whyNothing(found).flatMap((reason) => hanging('• ', reason, terminalWidth()))
  return [pc.green('Nothing is shown.'), ...reasons, '']
}

function heading(text: string): string {
  return pc.bold(pc.inverse(` ${text} `))
}
