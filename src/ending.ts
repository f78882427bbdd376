/** How the process ends: because it was told to, or by a mistake of ours. */
import { setTimeout as sleep } from 'node:timers/promises'
import { traceOf } from './hooks/failure.ts'

/** How long answers under way may take once none are taken on, in ms. */
const patience = 10_000

interface Ending {
  /** From now on nobody should send calls, and those who do are answered. */
  begin: () => void
  /** For how long, in ms. A person at a terminal does not want to wait. */
  drain: number
  /** Takes on nothing more and finishes what was begun. */
  close: () => Promise<unknown>
}

export function stopOnSignal({ begin, drain, close }: Ending): void {
  const stop = async (signal: NodeJS.Signals) => {
    const pause = signal === 'SIGTERM' ? drain : 0
    setTimeout(() => process.exit(1), pause + patience).unref()
    begin()
    await sleep(pause)
    await close()
    process.exit(0)
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

/** What Node would write on its own quotes the error, and errors may quote what was sent (SEC-15). */
export function endOnMistake(log: { fatal(line: object): void }): void {
  process.once('uncaughtException', (error) => {
    log.fatal({ outcome: 'ended-by-a-mistake', ...traceOf(error) })
    process.exit(1)
  })
}
