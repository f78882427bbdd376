/** Runs a command: what a person can mend is said in a sentence, and only the unforeseen is shown with its stack. */
import { todayIn as todayThere } from '../calendar.ts'
import { ConfigError } from '../config.ts'
import { ContentError } from '../content/problems.ts'
import { LumbarError } from '../errors.ts'
import { Misunderstood } from './asked.ts'

export type Print = (text: string) => void
export type Command = (words: readonly string[], print: Print) => Promise<void>

export async function run(command: Command): Promise<void> {
  try {
    await command(process.argv.slice(2), console.log)
  } catch (error) {
    const isForeseen = [Misunderstood, ConfigError, ContentError, LumbarError].some(
      (kind) => error instanceof kind,
    )
    if (!isForeseen) throw error
    console.error((error as Error).message)
    process.exitCode = 1
  }
}

/** The date where the hospital is, as `2026-11-21`: at night in Seattle it is tomorrow in Greenwich. */
export const todayIn = (timeZone: string) => todayThere(timeZone, () => new Date())()
