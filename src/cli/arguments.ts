/** What stands behind a command: options, names, numbers and files. Mistakes are told in a sentence. */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

/** A mistake of the person who typed, with what to do about it. */
export class Misunderstood extends Error {
  override name = 'Misunderstood'
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>

/**
 * Options, and at most so many words that are none.
 * @throws Misunderstood for an option that is unknown or lacks its value, and for a word too many
 */
export function readArguments<const O extends Options>(words: readonly string[], options: O, most: number) {
  const read = parsed(words, options)
  const extra = read.positionals[most]
  if (extra !== undefined) throw new Misunderstood(`"${extra}" is a word too many. ${known(options)}`)
  return read
}

function parsed<const O extends Options>(words: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true })
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string }
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error
    throw new Misunderstood(`${String(message).split(/\. |\n/)[0]}. ${known(options)}`)
  }
}

function known(options: Options): string {
  const names = Object.keys(options).map((name) => `--${name}`)
  return names.length === 0 ? 'There are no options but --help.' : `Known are ${names.join(', ')}.`
}

/** @throws Misunderstood for what is no whole number of at least `least` */
export function countOf(text: string, option: string, least = 0): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) < least)
    throw new Misunderstood(`${option} is a whole number of at least ${least}, not "${text}".`)
  return Number(text)
}

/** @throws Misunderstood for what is no day that there is */
export function dayOf(text: string, option: string): string {
  const at = new Date(`${text}T00:00:00Z`)
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(at.getTime()) || !at.toISOString().startsWith(text))
    throw new Misunderstood(`${option} is a day such as 2026-11-21, not "${text}".`)
  return text
}

/** @throws Misunderstood for a file that cannot be read */
export function readNamed(file: string): string {
  return doing('read', file, () => readFileSync(file, 'utf8'))
}

/** @throws Misunderstood for a file that holds no JSON object */
export function readNamedObject(file: string): Record<string, unknown> {
  const text = readNamed(file)
  const value = doing('read', file, () => JSON.parse(text) as unknown)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Misunderstood(`${file} holds no JSON object`)
  return value as Record<string, unknown>
}

/** @throws Misunderstood for a file that cannot be written */
export function writeNamed(file: string, text: string): void {
  doing('written', file, () => writeFileSync(file, text))
}

function doing<T>(what: string, file: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    const { message } = error as Error
    throw new Misunderstood(`${file} cannot be ${what}: ${message.split('\n')[0]}`)
  }
}
