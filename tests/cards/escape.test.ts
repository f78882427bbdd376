/** Text that stands first in a card's paragraph: no list, heading or rule begins with it, and what needs no escape has none (SEC-14). */
import { marked } from 'marked'
import { describe, expect, test } from 'vitest'
import { markdownText } from '../../src/cards/escape.ts'

const html = (text: string) => marked.parse(markdownText(text), { async: false, gfm: true }).trim()

describe('text at the beginning of a paragraph', () => {
  test.each([
    ['- item', '<p>- item</p>'],
    ['+ item', '<p>+ item</p>'],
    ['* item', '<p>* item</p>'],
    ['1. Foot drop', '<p>1. Foot drop</p>'],
    ['2) Foot drop', '<p>2) Foot drop</p>'],
    ['# Foot drop', '<p># Foot drop</p>'],
    ['> Foot drop', '<p>&gt; Foot drop</p>'],
    ['---', '<p>---</p>'],
    ['- - -', '<p>- - -</p>'],
    ['===', '<p>===</p>'],
    ['1.', '<p>1.</p>'],
    ['[1]: https://evil.example', '<p>[1]: https:// evil.example</p>'],
  ])('%s is words', (text, expected) => {
    expect(html(text)).toBe(expected)
  })
})

describe('what means nothing to Markdown', () => {
  test.each([
    'Foot drop (acquired)',
    'MR lumbar without+with',
    '0.5 MG lorazepam (Ativan)',
    '-5 kg',
    'T12-L1: 40 % wedge',
    '2026-11-12',
  ])('%s is left as it is, for an EHR that shows the text as it comes', (text) => {
    expect(markdownText(text)).toBe(text)
  })
})
