/** Lines of the log are written some at a time, in their order, and none is left behind. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { gathered } from '../../src/http/log.ts'
import { root } from '../support/evaluator.ts'

function fake() {
  const written: string[] = []
  return {
    written,
    write: (text: string) => void written.push(text),
    flushSync: () => void written.push('flushed'),
  }
}

test('SEC-15: lines that come together are written at once, in their order', async () => {
  const output = fake()
  const lines = gathered(output)
  for (const line of ['a\n', 'b\n', 'c\n']) lines.write(line)
  expect(output.written).toEqual([])
  await sleep(50)
  lines.write('d\n')
  await sleep(50)
  expect(output.written).toEqual(['a\nb\nc\n', 'd\n'])
})

test('what waits is written before the output is flushed', () => {
  const output = fake()
  const lines = gathered(output)
  lines.write('a\n')
  lines.flushSync()
  expect(output.written).toEqual(['a\n', 'flushed'])
})

test.each(['process.exit(0)', 'undefined'])('a process that ends by %s leaves no line behind', (ending) => {
  const script = `
    import { standardOutput } from ${JSON.stringify(join(root, 'src/http/log.ts'))}
    const lines = standardOutput()
    for (let n = 0; n < 1000; n += 1) lines.write(n + '\\n')
    ${ending}`
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  expect(said.trim().split('\n')).toEqual(Array.from({ length: 1000 }, (_, n) => String(n)))
})
