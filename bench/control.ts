/**
 * Loaded before a measured server by `node --import`: answers what its parent asks, and ends with it. So the service
 * that is measured is the one that runs, and has no route for being measured.
 */
import { record, recorded } from './recorder.ts'

interface Usage {
  /** User and system time of this process so far, in µs. */
  cpu: number
  /** The same of its first thread alone, which answers the calls. */
  thread: number
  /** Resident memory in bytes. */
  rss: number
}

const answers = { usage, record, recorded }

export type Question = keyof typeof answers
export type Answer<Q extends Question> = Awaited<ReturnType<(typeof answers)[Q]>>

function usage(): Usage {
  const { user, system } = process.cpuUsage()
  const thread = process.threadCpuUsage()
  return { cpu: user + system, thread: thread.user + thread.system, rss: process.memoryUsage.rss() }
}

process.on('message', async (question: Question) => {
  process.send?.({ answer: await answers[question]() })
})
process.once('disconnect', () => process.exit(0))
