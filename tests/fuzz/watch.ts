/** Watches a fuzzer: its death, its silence, and what it logged are findings as much as a wrong answer. */
import { fork } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TargetName } from './targets.ts'

/** Stands in every patient that is sent: no log may hold it. */
const secret = /zebulon|quuxley/i
interface Finding {
  why: string
  input: string
}

export interface Hunt {
  findings: readonly Finding[]
  /** Inputs tried; of these kept ones and seeds. */
  runs: number
  replayed: number
  /** Blocks of code, by how often they ran: after what was replayed, and at the end. */
  before: number
  blocks: number
  /** New inputs and the new blocks of each. */
  kept: readonly Kept[]
}

interface Kept {
  input: string
  blocks: readonly string[]
}

export const corpusOf = (target: TargetName) => join(import.meta.dirname, 'corpus', target)

type Message = { finding: string; why: string } | { kept: Kept } | { ended: Omit<Hunt, 'findings' | 'kept'> }

/** `program` and `patience` are for who tests the watch. */
export function hunt(
  target: TargetName,
  seconds: number,
  seed: number,
  { program = join(import.meta.dirname, 'hunter.ts'), patience = 30_000 } = {},
): Promise<Hunt> {
  const folder = mkdtempSync(join(tmpdir(), 'lumbar-fuzz-'))
  const trying = join(folder, 'input')
  const child = fork(program, [target, String(seconds), String(seed), trying, corpusOf(target)], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
  })
  const findings = new Map<string, Finding>()
  const note = (why: string, input = lastInput()) => {
    // The same fault again and again is one finding.
    const key = why.replace(/\d+|"[^"]*"/g, '').slice(0, 120)
    if (!findings.has(key)) findings.set(key, { why, input })
  }
  const lastInput = () => {
    try {
      return readFileSync(trying, 'utf8')
    } catch {
      return ''
    }
  }
  let rest = ''
  const hear = (chunk: Buffer) => {
    const lines = (rest + String(chunk)).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (secret.test(line)) note(`logged ${line.slice(0, 500)}`)
      else if (/"level":(50|60)/.test(line)) note(`failed ${line.slice(0, 1000)}`)
    }
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', (chunk: Buffer) => hear(Buffer.concat([chunk, Buffer.from('\n')])))
  const begun = Date.now()
  const watchdog = setInterval(() => {
    const last = statSync(trying, { throwIfNoEntry: false })?.mtimeMs ?? begun + patience
    if (Date.now() - last < patience) return
    note(`hung for ${patience} ms`)
    child.kill('SIGKILL')
  }, 1000)
  const kept: Kept[] = []
  let ended = { runs: 0, replayed: 0, before: 0, blocks: 0 }
  child.on('message', (message: Message) => {
    if ('finding' in message) note(message.why, message.finding)
    else if ('kept' in message) kept.push(message.kept)
    else ended = message.ended
  })
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      clearInterval(watchdog)
      if (ended.runs === 0) note(`ended with ${code ?? signal} ${rest.slice(0, 1000)}`)
      rmSync(folder, { recursive: true, force: true })
      resolve({ ...ended, kept, findings: [...findings.values()] })
    })
  })
}
