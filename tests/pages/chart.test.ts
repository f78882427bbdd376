/** How flow charts are laid out: lines broken where they must be, boxes apart, arrows from box to box. */
import { describe, expect, it } from 'vitest'
import { flowOf } from '../../src/docs/flow.ts'
import { type Box, textWidth, wrap } from '../../src/pages/pathway/chart/box.ts'
import { drawingOf, formats } from '../../src/pages/pathway/chart/layout.ts'
import { subjects } from '../../src/pathway/schema.ts'
import { realContent } from '../support/evaluator.ts'

const plain = { size: 13, weight: 'plain' as const }

describe('Breaking lines', () => {
  it('breaks between words, as late as the width allows', () => {
    const text = 'Severe or worsening leg weakness, and the order is an X-ray'
    const lines = wrap(text, plain, 150)
    expect(lines.join(' ')).toBe(text)
    expect(lines.length).toBeGreaterThan(2)
    for (const line of lines) expect(textWidth(line, plain)).toBeLessThanOrEqual(150)
  })

  it('leaves a word whole that is wider than the line', () => {
    expect(wrap('an immunosuppression', plain, 30)).toEqual(['an', 'immunosuppression'])
  })

  it('knows wide letters from narrow ones, and bold from plain', () => {
    expect(textWidth('WWW', plain)).toBeGreaterThan(2 * textWidth('iii', plain))
    expect(textWidth('word', { ...plain, weight: 'bold' })).toBeGreaterThan(textWidth('word', plain))
  })
})

describe.each(formats)('A chart in the $name format', (format) => {
  const drawings = subjects.map((subject) =>
    drawingOf(
      flowOf(
        subject,
        realContent(),
        () => 'A condition that stands in a box of its own, as long as such are',
      ),
      format,
      (id) => `#${id}`,
    ),
  )

  it('has no two boxes in one place, and none beyond its edges', () => {
    for (const { boxes, width, height } of drawings) {
      expect(boxes.flatMap((box, at) => boxes.slice(at + 1).filter((other) => overlap(box, other)))).toEqual(
        [],
      )
      expect(
        boxes.filter((box) => box.x < 0 || box.x + box.width > width || box.y + box.height > height),
      ).toEqual([])
    }
  })

  it('ends every arrow at a box, and begins it at one or at the line beside one', () => {
    for (const { boxes, arrows } of drawings) {
      const ends = arrows.map(({ points }) => points.at(-1) ?? [0, 0])
      expect(ends.filter(([x, y]) => !boxes.some((box) => touches(box, x, y)))).toEqual([])
      const begins = arrows.filter(({ style }) => style !== 'shows').map(({ points }) => points[0] ?? [0, 0])
      expect(begins.filter(([x, y]) => !boxes.some((box) => touches(box, x, y)))).toEqual([])
    }
  })

  it('links every rule of its subject that is asked or shown', () => {
    const links = drawings.flatMap(({ boxes }) =>
      boxes.flatMap(({ pieces }) => pieces.flatMap(({ href }) => href ?? [])),
    )
    const spoken = realContent().rules.filter(
      ({ role }) => role === 'gate' || role === 'silencer' || role === 'headline',
    )
    const heard = spoken.filter((rule) => rule.role !== 'headline' || rule.topic !== 'not-checked')
    expect(
      heard.filter(({ code }) => !links.includes(`#${code.toLowerCase()}`)).map(({ code }) => code),
    ).toEqual([])
  })
})

const overlap = (one: Box, other: Box) =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height

const touches = (box: Box, x: number, y: number) =>
  x >= box.x - 0.1 && x <= box.x + box.width + 0.1 && y >= box.y - 0.1 && y <= box.y + box.height + 0.1
