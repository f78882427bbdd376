/** What the commands print with: wrapping, aligning, and the Markdown of cards. */
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { cardLines, markdownLines } from '../../src/cli/print/card.ts'
import { outcomeLines } from '../../src/cli/print/rules.ts'
import { aligned, lengthOf, wrapped } from '../../src/cli/print/text.ts'
import { explain, vignetteOf } from '../support/evaluated.ts'

describe('Printing', () => {
  const plain = (lines: readonly string[]) => lines.map((line) => stripVTControlCharacters(line))

  it('wraps between words and never inside one', () => {
    expect(wrapped('one two three four', 8)).toEqual(['one two', 'three', 'four'])
    expect(wrapped('unbreakable', 4)).toEqual(['unbreakable'])
    expect(wrapped('', 10)).toEqual([])
  })

  it('aligns columns by what is seen, and wraps the last under itself', () => {
    expect(
      plain(
        aligned(
          [
            ['\u001b[1mab\u001b[22m', 'x'],
            ['a', 'one two'],
          ],
          2,
          10,
        ),
      ),
    ).toEqual(['  ab  x', '  a   one', '      two'])
    expect(lengthOf('\u001b[1mab\u001b[22m')).toBe(2)
  })

  it('renders what cards are written in, and undoes the escapes of foreign text', () => {
    const markdown = '**Now:** do \\*this\\* &amp; that\n\n**Also**\n\n- one &#58;//x\n- two'
    expect(plain(markdownLines(markdown, 40))).toEqual([
      'Now: do *this* & that',
      '',
      'Also',
      '• one ://x',
      '• two',
    ])
  })

  it('names a source once, and leaves out what a card does not have', () => {
    const source = {
      label: 'A guideline',
      url: 'https://example.org',
      topic: { system: 's', code: 'c', display: 'd' },
    }
    const lines = plain(
      cardLines(
        { summary: 'Short', indicator: 'info', source, links: [{ ...source, type: 'absolute' }] },
        60,
      ),
    )
    expect(lines.filter((line) => line.includes('https://example.org'))).toHaveLength(1)
    expect(lines.join('\n')).not.toContain('Keep the order')
  })

  it('says of advice on a condition what could not be looked up', async () => {
    const { decisions, planned } = await explain(vignetteOf('L283'))
    const lines = plain(decisions.flatMap((decision) => outcomeLines(decision, planned))).join(' ')
    expect(lines.replace(/\s+/g, ' ')).toMatch(
      /IM01 .*gives the headline, if these are not so, .*lumbar-surgery/,
    )
  })
})
