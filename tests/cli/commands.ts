/** Runs commands as a person does, and reads what they print. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify, stripVTControlCharacters } from 'node:util'
import { Misunderstood } from '../../src/cli/arguments.ts'
import type { Command } from '../../src/cli/run.ts'
import { realContent, root } from '../support/evaluator.ts'

export const content = realContent()

interface Ran {
  code: number
  out: string
  err: string
}

/** As a process of its own; without blocking, because the service that `try` calls runs in this one. */
export async function npmRun(command: string, ...words: string[]): Promise<Ran> {
  const file = join(root, 'src/cli', `${command}.ts`)
  const env = { ...process.env, NO_COLOR: '1' }
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file, ...words], {
      cwd: root,
      env,
    })
    return { code: 0, out: flat(stdout), err: flat(stderr) }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, out: flat(stdout), err: flat(stderr) }
  }
}

/** The same in this process, which is much faster. */
export async function ran(command: Command, ...words: string[]): Promise<Ran> {
  const printed: string[] = []
  try {
    await command(words, (text) => printed.push(text))
    return { code: 0, out: flat(printed.join('\n')), err: '' }
  } catch (error) {
    if (!(error instanceof Misunderstood)) throw error
    return { code: 2, out: flat(printed.join('\n')), err: flat(error.message) }
  }
}

/** One line, without colour and without the bar of a card. */
const flat = (text: string) => stripVTControlCharacters(text).replace(/^▌/gm, '').replace(/\s+/g, ' ').trim()

export const summaryOf = (code: string) => {
  const rule = content.rules.find((each) => each.code === code)
  return content.cards[rule?.id ?? '']?.summary ?? `no card ${code}`
}
