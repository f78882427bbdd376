/** `npm run try -- <patient> <order> …`: sends a real call to the running service and prints the cards, or why there are none. */
import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import pc from 'picocolors'
import { createEvaluator } from '../evaluate.ts'
import { parseCall } from '../hooks/call.ts'
import { openContent } from '../pathway/compiled.ts'
import type { Content } from '../pathway/content.ts'
import { readConfig } from '../site/environment.ts'
import { readArguments } from './arguments.ts'
import {
  type Asked,
  caseLine,
  listing,
  type PreparedCall,
  personLine,
  prepareCall,
  readAsked,
} from './asked.ts'
import { cardLines } from './print/card.ts'
import { whyNothing } from './print/rules.ts'
import { hanging, terminalWidth } from './print/text.ts'
import { type Print, run, todayIn } from './run.ts'
import { type Answered, callService } from './service.ts'

const root = resolve(import.meta.dirname, '../..')

export async function tryOut(words: readonly string[], print: Print): Promise<void> {
  const { values, positionals } = readArguments(
    words,
    {
      hook: { type: 'string', default: 'order-sign' },
      url: { type: 'string', default: hereAddress() },
      json: { type: 'boolean', default: false },
    },
    Number.POSITIVE_INFINITY,
  )
  if (positionals.length === 0) return print(listing(root, 'try'))
  const asked = readAsked(root, positionals, values.hook)
  const { content } = await openContent(root)
  const today = todayIn(content.site['time-zone'])
  const call = prepareCall(root, asked, content, today)
  const answer = await callService(values.url, call)
  if (values.json) return print(JSON.stringify(answer.body, null, 2))
  const told = answer.cards.length > 0 ? shown(answer) : await nothing(answer, asked, call, content, today)
  print([caseLine(asked, today), personLine(call.patient.patient), '', ...told].join('\n'))
}

/** Where `npm start` listens, with the same PORT. */
const hereAddress = () => `http://127.0.0.1:${readConfig().port || 3000}`

function shown(answer: Answered): string[] {
  const { length } = answer.cards
  return [
    ...answer.cards.flatMap((card) => [...cardLines(card), '']),
    `${length} ${length === 1 ? 'card' : 'cards'}. ${timing(answer)}`,
  ]
}

/** An empty answer cannot say why it is empty: the same content is asked here. */
async function nothing(
  answer: Answered,
  asked: Asked,
  { body }: PreparedCall,
  content: Content,
  today: string,
): Promise<string[]> {
  const evaluator = createEvaluator(content, { today: () => today, newId: randomUUID })
  const reasons = whyNothing(await evaluator.explain(parseCall(body, asked.service)))
  return [
    `${pc.green('Nothing is shown.')} ${timing(answer)}`,
    ...reasons.flatMap((reason) => hanging('• ', reason, terminalWidth())),
    '',
    `Every step: ${pc.bold(explainCommand(asked))}`,
  ]
}

const timing = ({ ms }: Answered) => pc.dim(`Answered in ${ms.toFixed(0)} ms.`)

function explainCommand({ patient, orders, service: { hook } }: Asked): string {
  const named = hook === 'order-sign' ? [] : ['--hook', hook]
  return ['npm run explain --', patient, ...orders, ...named].join(' ')
}

if (import.meta.main) await run(tryOut)
