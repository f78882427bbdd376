/**
 * `npm run explain -- <patient> <order> …`, or `-- --request <file>`: prints every fact, every rule and who was heard, without
 * a server; `-- --evaluation <id>` what the ledger holds of one that was answered.
 */

import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import pc from 'picocolors'
import { timeIn } from '../calendar.ts'
import { evaluationBook, type KeptEvaluation } from '../checklist/why/evaluations.ts'
import { readFactFiles, readRuleFiles } from '../docs/book.ts'
import { titleOf } from '../docs/sections/rules.ts'
import { speech } from '../docs/sentence.ts'
import { LumbarError } from '../errors.ts'
import { createEvaluator, type Explanation } from '../evaluate.ts'
import { type HookCall, parseCall } from '../hooks/call.ts'
import { services } from '../hooks/services.ts'
import { readBasis } from '../ledger/bases.ts'
import { type CardTold, type EvaluationTold, findEvaluations } from '../ledger/reports.ts'
import { openContent } from '../pathway/compiled.ts'
import type { Content } from '../pathway/content.ts'
import { dayOf, Misunderstood, readArguments, readNamedObject } from './arguments.ts'
import { type Asked, caseLine, listing, personLine, prepareCall, readAsked } from './asked.ts'
import { withLedger } from './ledger.ts'
import { cardLines } from './print/card.ts'
import { factLines, legend, outcomeLines, ruleLines, whyNothing } from './print/rules.ts'
import { hanging, terminalWidth } from './print/text.ts'
import { type Print, run, todayIn } from './run.ts'

// One evaluation as the ledger has it: when, for whom it was judged (by keys), what was shown, held back and
// answered.

export function evaluationLines(told: EvaluationTold, content: Content): string[] {
  const at = momentsOf(content)
  const titles = new Map(content.rules.map(({ code, title }) => [code, title]))
  const named = (codes: readonly string[]) => codes.map((code) => `${code} ${titles.get(code) ?? ''}`.trim())
  const { verdicts, prefetch, cards, became } = told
  const lacking = Object.entries(prefetch).filter(([, state]) => state !== 'given' && state !== 'empty')
  return [
    pc.bold(`${at(told.at)}, ${told.hook}${told.mode === 'silent' ? ', in a trial run' : ''}`),
    `evaluation ${told.id}, call ${told.instance ?? 'without a UUID'}`,
    `caller ${told.issuer ?? 'not verified'}${told.tenant ? `, tenant ${told.tenant}` : ''}${told.department ? `, ${told.department}` : ''}`,
    `pathway ${told.pathway} (${told.digest}), judged in ${told.ms} ms`,
    `patient ${told.patient}, clinician ${told.clinician ?? 'not named'}`,
    '',
    ...(cards.length === 0
      ? ['No rule asked for a card.']
      : cards.flatMap((card) => keptCardLines(card, titles, at))),
    ...became.map(({ kind, outcome, why }) => `A day later: ${kind} ${outcome}${why ? ` (${why})` : ''}`),
    '',
    ...verdicts.flatMap(({ kind, holds, unknown, closedBy, heldBack }) => [
      pc.bold(kind),
      ...list('hold', named(holds)),
      ...list('cannot be told', named(unknown)),
      ...list('close the pathway', named(closedBy)),
      ...list('would have advised, and could not be sure', named(heldBack)),
    ]),
    ...(lacking.length > 0
      ? [`Did not come whole: ${lacking.map(([key, state]) => `${key} (${state})`).join(', ')}`]
      : ['All data came.']),
    `Entries that could not be read: ${told.unread}`,
    ...(told.passedOver > 0 ? [`Orders that were not judged: ${told.passedOver}`] : []),
  ]
}

function keptCardLines(
  card: CardTold,
  titles: ReadonlyMap<string, string>,
  at: (ms: number) => string,
): string[] {
  const { uuid, rule, indicator, isShown, why, feedback } = card
  const became = isShown ? (why ? `shown, ${why}` : 'shown') : `held back, ${why ?? ''}`
  return [
    `${pc.bold(rule)} ${titles.get(rule) ?? ''} (${indicator}): ${became}`,
    `  card ${uuid}`,
    ...feedback.map(({ outcome, at: when, reason, comment, suggestions }) =>
      [
        `  ${at(when)} ${outcome}`,
        suggestions.join(', '),
        reason && `because ${reason}`,
        comment && `"${comment}"`,
      ]
        .filter(Boolean)
        .join(': '),
    ),
    ...(isShown && feedback.length === 0 ? ['  nothing was answered'] : []),
  ]
}

const list = (what: string, codes: readonly string[]) =>
  codes.length > 0 ? [`  ${what}: ${codes.join('; ')}`] : []

function momentsOf({ site }: Content): (ms: number) => string {
  // A moment that is never now is told with its day.
  const tell = timeIn(site['time-zone'], () => new Date(0))
  return (ms) => tell(new Date(ms))
}

const root = resolve(import.meta.dirname, '../..')

export async function explain(words: readonly string[], print: Print): Promise<void> {
  const { values, positionals } = readArguments(
    words,
    {
      hook: { type: 'string', default: 'order-sign' },
      request: { type: 'string' },
      evaluation: { type: 'string' },
      today: { type: 'string' },
      all: { type: 'boolean', default: false },
    },
    Number.POSITIVE_INFINITY,
  )
  if (values.evaluation !== undefined) return explainEvaluation(values.evaluation, values.all, print)
  if (positionals.length === 0 && values.request === undefined) return print(listing(root, 'explain'))
  // All that a person may mistype is read before the content, which takes a second.
  const given = values.today === undefined ? undefined : dayOf(values.today, '--today')
  const file = values.request
  const toExplain =
    file === undefined ? inventedCall(readAsked(root, positionals, values.hook)) : capturedCall(file)
  const { content } = await openContent(root)
  const today = given ?? todayIn(content.site['time-zone'])
  const { title, call } = toExplain(content, today)
  const evaluator = createEvaluator(content, { today: () => today, newId: randomUUID })
  const found = await evaluator.explain(call)
  const told = [
    ...title,
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

/** What the ledger holds of an evaluation, found by its id, by the name of its call, or by the uuid of a card. */
async function explainEvaluation(name: string, showAll: boolean, print: Print): Promise<void> {
  await withLedger(async ({ sql, keys, content }) => {
    const found = await findEvaluations(sql, name, keys)
    if (found.length === 0) throw new Misunderstood(`The ledger knows no evaluation, call or card "${name}"`)
    const book = evaluationBook(
      { put: async () => undefined, get: (id) => readBasis({ sql, keys }, id, Date.now()) },
      content.site['why-hours'],
      Date.now,
    )
    for (const told of found) {
      const kept = await book.find(told.id)
      print([...evaluationLines(told, content), '', ...keptLines(kept, showAll), ''].join('\n'))
    }
  })
}

/** What was found in the chart, as long as it is kept. It is the patient's, and is shown to whoever has the key. */
function keptLines(kept: KeptEvaluation | undefined, showAll: boolean): string[] {
  if (!kept)
    return [
      'What was found in the chart is not kept: nothing was shown, no app shows it, or `why-hours` are over.',
    ]
  const facts = readFactFiles(root)
  return [
    ...kept.cases.flatMap(({ name, facts: found }) => [
      heading(name || 'The opened chart'),
      '',
      ...factLines(facts, found, showAll),
    ]),
    ...(showAll ? [] : [pc.dim('Facts that do not hold are cut short; --all shows all of them.')]),
  ]
}

type ToExplain = (content: Content, today: string) => { title: readonly string[]; call: HookCall }

function inventedCall(asked: Asked): ToExplain {
  return (content, today) => {
    const { patient, body } = prepareCall(root, asked, content, today)
    return {
      title: [caseLine(asked, today), personLine(patient.patient)],
      call: parseCall(body, asked.service),
    }
  }
}

/** What an EHR posted, as somebody kept it in a file; nothing is looked up beside it. */
function capturedCall(file: string): ToExplain {
  const body = readNamedObject(file)
  const service = services.find(({ hook }) => hook === body.hook)
  if (!service)
    throw new Misunderstood(`${file} names no hook of this service: there are ${hooks.join(', ')}`)
  try {
    const call = parseCall(body, service)
    return (_, today) => ({ title: [`The call in ${file}, as of ${today}`], call })
  } catch (error) {
    if (!(error instanceof LumbarError)) throw error
    throw new Misunderstood(`${file} is no call that can be answered: ${error.message}`)
  }
}

const hooks = services.map(({ hook }) => hook)

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

if (import.meta.main) await run(explain)
