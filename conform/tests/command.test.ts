/** The command around the client: what it is asked, how it ends, what it prints. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { conform } from '../conform.ts'
import { readSettings } from '../settings.ts'
import { freePort, serve, small, soundly } from './support.ts'

describe('The command', () => {
  const silent = () => undefined

  test('says what it cannot make sense of', () => {
    expect(() => readSettings([])).toThrow('Which service')
    expect(() => readSettings(['here'])).toThrow('is no address')
    expect(() => readSettings(['http://a.example', '--what'])).toThrow('--what')
    expect(() => readSettings(['http://a.example', '--issuer', 'https://b.example'])).toThrow('--key')
    expect(readSettings(['http://a.example/x/cds-services/']).base).toBe('http://a.example/x')
  })

  test('says so when nothing answers', async () => {
    await expect(conform([`http://127.0.0.1:${await freePort()}`], silent)).rejects.toThrow('Nothing answers')
  })

  test('ends with 1 when a MUST is broken, and says what was sent and received', async () => {
    const made = small()
    made.card.indicator = 'hard-stop'
    const running = await serve(made)
    let text = ''
    const code = await conform([running.url, '--quick'], (line) => {
      text += line
    })
    running.close()
    expect(code).toBe(1)
    expect(text).toMatch(
      /7a-indicator\s+MUST\s+fail[\s\S]*?sent\s+\{"hookInstance[\s\S]*?received\s+\{"cards"/,
    )
    expect(text).toContain('MUST is broken: 7a-indicator.')
  })

  test('sends a request that is brought along, for its hook', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'conform-'))
    const file = join(folder, 'call.json')
    const brought = {
      hook: 'order-sign',
      hookInstance: 'x',
      context: { patientId: 'mine' },
      prefetch: { patient: {} },
    }
    writeFileSync(file, JSON.stringify(brought))
    const patients = new Set<string>()
    const made = small()
    made.refuse = (asked) => {
      const context = asked.body?.context as { patientId?: string } | undefined
      if (soundly(asked) === undefined && asked.body?.hook === 'order-sign')
        patients.add(String(context?.patientId))
      return soundly(asked)
    }
    const running = await serve(made)
    await conform([running.url, '--quick', '--request', file], silent)
    running.close()
    rmSync(folder, { recursive: true })
    expect([...patients]).toEqual(['mine'])
  })
})
