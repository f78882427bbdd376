/** Runs a command: what a person can mend is said in a sentence, and only the unforeseen is shown with its stack. */
import { todayIn as todayThere } from '../calendar.ts'
import { LumbarError } from '../errors.ts'
import { ContentError } from '../pathway/problems.ts'
import { ConfigError } from '../site/environment.ts'
import { Misunderstood } from './arguments.ts'

export type Print = (text: string) => void
export type Command = (words: readonly string[], print: Print) => Promise<void>

/** Ends with 2 when the command or the environment must be mended, and with 1 when what it worked on must. */
export async function run(command: Command): Promise<void> {
  try {
    await command(process.argv.slice(2), console.log)
  } catch (error) {
    const { message } = error as Error
    if (error instanceof Misunderstood || error instanceof ConfigError) end(message, 2)
    else if (error instanceof ContentError || error instanceof LumbarError) end(message, 1)
    else throw error
  }
}

/** For a command that is a script: what was asked of it, or its end before anything is begun. */
export function asked<T>(read: (words: readonly string[]) => T): T {
  try {
    return read(process.argv.slice(2))
  } catch (error) {
    if (!(error instanceof Misunderstood)) throw error
    console.error(error.message)
    process.exit(2)
  }
}

function end(message: string, code: number): void {
  console.error(message)
  process.exitCode = code
}

/** The date where the hospital is, as `2026-11-21`: at night in Seattle it is tomorrow in Greenwich. */
export const todayIn = (timeZone: string) => todayThere(timeZone, () => new Date())()
