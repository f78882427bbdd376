/** The service's routes with the ledger or, at `WITHOUT_LEDGER`, with all but it, so that nothing else differs. */
import { randomUUID } from 'node:crypto'
import { buildApp } from '../src/app.ts'
import { dayIn } from '../src/calendar.ts'
import { createEvaluator } from '../src/evaluate.ts'
import { startLedger } from '../src/ledger-start.ts'
import { loadContent } from '../src/pathway/load.ts'
import { root } from '../tests/support/evaluator.ts'

const { HOST, PORT, DATABASE_URL: databaseUrl, LEDGER_FILE, LEDGER_KEY, WITHOUT_LEDGER } = process.env
const content = loadContent(root)
const dayOf = dayIn('America/Los_Angeles')
const ledger =
  WITHOUT_LEDGER === undefined
    ? startLedger({
        config: {
          ...(databaseUrl ? { databaseUrl } : {}),
          ...(LEDGER_FILE ? { ledgerFile: LEDGER_FILE } : {}),
          ...(LEDGER_KEY ? { ledgerKey: Buffer.from(LEDGER_KEY, 'base64url') } : {}),
        },
        root,
        content,
        now: Date.now,
        dayOf,
        tellTime: String,
        log: { info: () => undefined, warn: console.error },
        metrics: undefined,
      })
    : undefined
const stopwatch = () => performance.now()
const evaluator = createEvaluator(content, {
  today: () => dayOf(Date.now()),
  newId: randomUUID,
  stopwatch,
  ...(ledger ? { ledger } : {}),
})
const app = buildApp({
  content,
  ...evaluator,
  evaluate: evaluator.evaluate,
  elapsed: stopwatch,
  logger: { level: 'info' },
})
await ledger?.begin()
await app.listen({ host: HOST ?? '127.0.0.1', port: Number(PORT) })
