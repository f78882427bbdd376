/** Secrets that stand in files of their own, as containers are handed them; never in settings, and never in the log. */
import { readFileSync } from 'node:fs'
import { ConfigError } from './environment.ts'

/** Longer ones are another file. Characters. */
const most = 100_000

/** What is in the file, without the newline that editors add. Throws a ConfigError that begins with `name`. */
export function readSecret(name: string, path: string): string {
  const text = read(name, path).replace(/\r?\n$/, '')
  if (text === '') throw new ConfigError(`${name}: The file ${path} is empty.`)
  if (text.length > most) throw new ConfigError(`${name}: The file ${path} is too long for a secret.`)
  return text
}

function read(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as { code?: unknown }
    throw new ConfigError(`${name}: The file ${path} cannot be read (${String(code)}).`)
  }
}
