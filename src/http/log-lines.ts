/**
 * Where lines of the log go: to standard output, those of some milliseconds at once, because each writing costs as much as
 * several rules. Nobody waits for who reads them, and none is left behind by a process that ends by itself.
 */
import pino from 'pino'

export interface Lines {
  write(line: string): void
  /** Before the process ends. */
  flushSync(): void
}

/** In ms. */
const gathering = 10

export function gathered(output: Lines): Lines {
  let waiting = ''
  let timer: NodeJS.Timeout | undefined
  const pass = () => {
    clearTimeout(timer)
    timer = undefined
    const lines = waiting
    waiting = ''
    if (lines !== '') output.write(lines)
  }
  return {
    write(line) {
      waiting += line
      timer ??= setTimeout(pass, gathering)
    },
    flushSync() {
      pass()
      output.flushSync()
    },
  }
}

/** Of this process. */
export function standardOutput(): Lines {
  const lines = gathered(pino.destination({ fd: 1, sync: false }))
  process.once('exit', () => lines.flushSync())
  return lines
}
