/**
 * Asks commands one after the other in one process, each as if it had been started with its words, and prints how each
 * ended: `[{ file, words }]` as the only argument, `[{ code, out, err }]` on its output. What all commands load is loaded once.
 */
import { pathToFileURL } from 'node:url'

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

const [, , list = '[]'] = process.argv
const results = []
for (const [at, { file, words }] of (JSON.parse(list) as { file: string; words: string[] }[]).entries()) {
  Object.assign(said, { out: '', err: '' })
  process.argv = [process.argv[0] ?? '', file, ...words]
  process.exitCode = undefined
  let code: unknown
  try {
    // Anew for each, though it may have been asked before.
    await import(`${pathToFileURL(file).href}?asked=${at}`)
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
