/** Before any command: help for who asks, on each of them, and one sentence for a Node that is too old. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { root } from './support/evaluator.ts'

const run = promisify(execFile)
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}
const ours = Object.entries(scripts).filter(([, line]) => /\.ts\b/.test(line))

describe('Every command of package.json', () => {
  it.each(ours)(
    'npm run %s tells what it does with --help, and does nothing',
    { timeout: 60_000 },
    async (_, line) => {
      const [program, ...words] = line.split(' ')
      expect(program).toBe('node')
      const { stdout, stderr } = await run(process.execPath, [...words, '--help'], { cwd: root })
      expect(stdout).toMatch(/`npm (run )?[a-z:-]+/)
      expect(stdout).toContain('--help')
      expect(stderr).toBe('')
    },
  )

  it('are those that there are', () => {
    expect(ours.length).toBeGreaterThan(15)
  })
})

describe('An old Node', () => {
  it.each([['.'], ['--import', './start.js', 'src/server.ts']])(
    'is told in one sentence: node %s',
    { timeout: 60_000 },
    async (...words) => {
      const old = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.20.2"})'
      const failed = await run(process.execPath, ['--import', old, ...words], { cwd: root }).then(
        () => undefined,
        (error: { code: number; stderr: string }) => error,
      )
      expect(failed?.code).toBe(1)
      expect(failed?.stderr).toMatch(/^Lumbar runs on Node 24, and this is Node 20\.20\.2\. .*\n$/)
    },
  )
})
