/**
 * Asks commands one after the other in one process, each as if it had been started with its words, and prints how each
 * ended: `[{ file, words, runs }]` as the only argument, `[{ code, out, err }]` on its output; `runs` is what the file runs
 * only where it was started itself. What all commands load is loaded once.
 */
import { pathToFileURL } from 'node:url'
import { run } from '../../src/cli/run.ts'

/** Thrown where a command would have ended the process. */
class Ended extends Error {
  readonly code: number
  constructor(code: number) {
    super(`ended with ${code}`)
    this.code = code
  }
}

const { stdout, stderr } = process
const write = stdout.write.bind(stdout)
const said = { out: '', err: '' }
stdout.write = (text: unknown) => {
  said.out += String(text)
  return true
}
stderr.write = (text: unknown) => {
  said.err += String(text)
  return true
}
process.exit = (code) => {
  throw new Ended(Number(code ?? process.exitCode ?? 0))
}

interface Asked {
  file: string
  words: string[]
  runs?: string
}

const [, , list = '[]'] = process.argv
const results = []
for (const [at, { file, words, runs }] of (JSON.parse(list) as Asked[]).entries()) {
  Object.assign(said, { out: '', err: '' })
  process.argv = [process.argv[0] ?? '', file, ...words]
  process.exitCode = undefined
  let code: unknown
  try {
    // Anew for each, though it may have been asked before.
    const loaded = await import(`${pathToFileURL(file).href}?asked=${at}`)
    if (runs !== undefined) await run(loaded[runs])
    code = process.exitCode ?? 0
  } catch (error) {
    // As Node shows what nobody caught.
    if (!(error instanceof Ended)) stderr.write(`${(error as Error).stack}\n`)
    code = error instanceof Ended ? error.code : 1
  }
  results.push({ ...said, code })
}
process.exitCode = 0
write(JSON.stringify(results))
