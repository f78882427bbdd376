/** Each planted mistake of `mistakes/*.yaml` is told once, at its own line, in words that say what to do. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Edit, plant } from './planted.ts'

interface Case extends Edit {
  mistake: string
  /** Further edits, without which the mistake would bring others with it. */
  also?: Edit[]
  /** Where it must be told: by default in the edited file, at the line of what was written. */
  'told-in'?: string
  'told-at'?: string | number
  says: string
  /** Other things are then wrong too: what hangs on a name hangs in the air. */
  'with-others'?: true
}

const folder = join(import.meta.dirname, 'mistakes')

for (const name of readdirSync(folder)) {
  const { about, cases }: { about: string; cases: Case[] } = parse(readFileSync(join(folder, name), 'utf8'))
  describe(about, () => {
    it.each(cases)('$mistake', (planted) => {
      const { file, write = '', also = [], says } = planted
      const { problems, message, lineOf } = plant([planted, ...also])
      const place = planted['told-in'] ?? file
      const at = planted['told-at'] ?? write
      const line = typeof at === 'number' ? at : lineOf(place, at)
      expect(message).toContain(says)
      const told = { file: place, line, message: expect.stringContaining(says) }
      expect(problems).toEqual(planted['with-others'] ? expect.arrayContaining([told]) : [told])
    })
  })
}

describe('Several mistakes', () => {
  const card = { file: 'cards/imaging-too-early.md', find: '{{wait-weeks}}', write: '{{wait-week}}' }
  const fact = { file: 'pathway/facts/patient.yaml', find: 'at: $wait-days', write: 'at: $wait' }
  const indicator = {
    file: 'pathway/rules/2-imaging.yaml',
    find: 'indicator: warning',
    write: 'indicator: warn',
  }
  const question = {
    file: 'pathway/rules/1-gates.yaml',
    find: '{ deceased: true }',
    write: '{ decesed: true }',
  }

  it('are all told in one run, by file and line', () => {
    const { problems, lineOf } = plant([card, fact, indicator])
    const told = problems.map(({ file, line }) => ({ file, line }))
    expect(told).toEqual(
      [card, fact, indicator].map(({ file, write }) => ({ file, line: lineOf(file, write) })),
    )
  })

  it('do not hide each other when one stands in a rule of the wrong shape', () => {
    const { message } = plant([indicator, question])
    expect(message).toContain('"indicator" must be')
    expect(message).toContain('unknown fact "decesed"')
  })

  it('are not invented when a whole file of names cannot be read', () => {
    const { problems } = plant([{ file: 'pathway/facts/patient.yaml', find: 'facts:', write: 'facts: [' }])
    expect(problems.map(({ file }) => file)).toEqual(['pathway/facts/patient.yaml'])
  })
})
