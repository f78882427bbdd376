/**
 * What a sender writes never becomes markup: hostile words in names, reasons, displays, units and dates give the same
 * card as harmless words, seen with the eyes of a GitHub-flavoured Markdown renderer (SEC-14).
 */
import { marked } from 'marked'
import { describe, expect, test, vi } from 'vitest'
import type { Card } from '../src/cards/render.ts'
import type { Vignette } from './language/vignette.ts'
import { toCall } from './support/call.ts'
import { explainBody, gist, vignetteOf, vignettes, withSite } from './support/evaluated.ts'

vi.setConfig({ testTimeout: 60_000 })

/** One example for each rule, so that every kind of card is tried; but none that rests on there being no words. */
const examples = [
  ...new Map(vignettes.flatMap((each) => (each.side === 'fires' ? [[each.rule, each]] : []))).values(),
].filter(({ rule }) => rule !== 'G09m' && rule !== 'G09n')

const hostile = {
  'an HTML tag': '<img src=x onerror=alert(1)>',
  'a script': '</p><script>alert(1)</script>',
  'a comment that is never closed': '<!-- ',
  'an entity': '&lt;b&gt; &#60;b&#62;',
  'a link': '[click](javascript:alert(1))',
  'a link with a reference': '[click][1]\n\n[1]: https://evil.example',
  'an image': '![x](https://evil.example/x.png)',
  'an autolink in angle brackets': '<https://evil.example>',
  emphasis: '**bold** __bold__ *i* _i_ ~~words~~',
  code: '`words` ``` words',
  'a heading': '\n\n# Heading\n\nHeading\n===',
  'a list': '\n- item\n1. item\n+ item\n- [ ] task',
  'a quotation': '\n> quoted',
  'a table': '\n| a | b |\n| --- | --- |\n| c | d |\n',
  'a footnote': '[^1]\n\n[^1]: note',
  'a backslash': '\\[x\\](y) \\\\',
  'a line break': 'x  \n\ny\u2028z\u0085w',
  'a template': '{{found}} {{unchecked}} {{days}} <%= days %>',
  'text that runs backwards': '\u202egnp.exe\u202c \u2066x\u2069 \u200f',
  'a control character': 'a\u0000b\u001b[31mc\u0007\u200bd\ufeff',
}
const addresses = {
  'an address of the web': 'https://evil.example/x',
  'an address without a scheme': 'www.evil.example',
  'an address of another scheme': 'ftp://evil.example/x',
  'an e-mail address': 'somebody@evil.example',
  'an e-mail address with its scheme': 'mailto:somebody@evil.example',
}
const harmless = 'harmless words'

/** Every name that a sender can write, with these words behind it. The codes stay, so the meaning stays. */
function withWords(vignette: Vignette, words: string): object {
  const concepts = ['code', 'reasonCode', 'medicationCodeableConcept', 'valueCodeableConcept']
  return JSON.parse(JSON.stringify(toCall(vignette)), (key, value) => {
    if ((key === 'display' || key === 'unit') && typeof value === 'string') return `${value} ${words}`
    if (key === 'note' && Array.isArray(value)) {
      return value.map((note) => ({ ...note, text: `${note.text} ${words}` }))
    }
    if (!concepts.includes(key)) return value
    return Array.isArray(value) ? value.map((each) => named(each, words)) : named(value, words)
  })
}

function named(value: unknown, words: string): unknown {
  if (typeof value !== 'object' || value === null || !('coding' in value || 'text' in value)) return value
  return { ...value, text: `${'text' in value ? value.text : 'Named'} ${words}` }
}

async function cardsWith(vignette: Vignette, words: string): Promise<readonly Card[]> {
  return (await explainBody(withWords(vignette, words), vignette.today, withSite(vignette))).cards
}

interface Pair {
  name: string
  plain: Card
  tried: Card
}

const tried = new Map<string, Promise<Pair[]>>()

/** The same cards twice, with harmless and with hostile words; worked out once for each. */
function pairs(words: string): Promise<Pair[]> {
  const known = tried.get(words) ?? pairsWith(words)
  tried.set(words, known)
  return known
}

async function pairsWith(words: string): Promise<Pair[]> {
  const found: Pair[] = []
  for (const [vignette, plain] of await plainCards) {
    const cards = await cardsWith(vignette, words)
    expect(gist(cards), vignette.vignette).toEqual(gist(plain))
    plain.forEach((card, at) => {
      const other = cards[at]
      const name = `${vignette.vignette} ${card.source.topic.code}`
      if (other) found.push({ name, plain: card, tried: other })
    })
  }
  expect(found.length).toBeGreaterThan(40)
  return found
}

const plainCards = Promise.all(
  examples.map(async (vignette) => [vignette, await cardsWith(vignette, harmless)] as const),
)

const escapes = /\\[!-/:-@[-`{-~]|&(?:#\d+|#x[\da-f]+|\w+);/gi

/** The characters that a renderer would still act upon, line by line. */
const markup = (detail: string) => detail.replace(escapes, '').replace(/[^*_`~#[\]<>|!\\{}\n]/g, '')

/** What a renderer makes of it: its tags, without the words between them. */
const tags = (detail: string) => marked.parse(detail, { async: false, gfm: true }).match(/<[^>]*>/g)

/** What a reader sees, and what a renderer that looks for addresses after parsing sees too. */
const decoded = (detail: string) =>
  detail.replace(escapes, (found) => {
    if (found.startsWith('\\')) return found.slice(1)
    const number = /^&#(x?)([\da-f]+);$/i.exec(found)
    if (number) return String.fromCodePoint(Number.parseInt(number[2] ?? '', number[1] ? 16 : 10))
    return { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' }[found] ?? found
  })

const addressesIn = (text: string) =>
  text.match(/(?:https?|ftp):\/\/\w|www\.\w|[\w.+-]@[\w-]+\.\w/gi)?.length ?? 0

describe('in the words of a card', () => {
  test.each(Object.entries(hostile))('%s is only words', async (_, words) => {
    for (const { name, plain, tried } of await pairs(words)) {
      expect(markup(tried.detail), name).toBe(markup(plain.detail))
      expect(tags(tried.detail), name).toEqual(tags(plain.detail))
    }
  })

  test.each(Object.entries(addresses))(
    '%s is no link to a renderer that reads the Markdown',
    async (_, words) => {
      const raw = (card: Card) => card.detail.replace(escapes, '')
      for (const { name, plain, tried } of await pairs(words)) {
        expect(addressesIn(raw(tried)), name).toBe(addressesIn(raw(plain)))
        expect(markup(tried.detail), name).toBe(markup(plain.detail))
        expect(tags(tried.detail), name).toEqual(tags(plain.detail))
      }
    },
  )

  test.each(Object.entries(addresses))(
    '%s is no link to a renderer that reads the text behind the Markdown',
    async (_, words) => {
      for (const { name, plain, tried } of await pairs(words)) {
        expect(addressesIn(decoded(tried.detail)), name).toBe(addressesIn(decoded(plain.detail)))
      }
    },
  )

  test.each([
    ['letters', 'a'.repeat(3_000)],
    ['characters that count double', '😀'.repeat(1_500)],
    ['characters that grow when escaped', '<'.repeat(3_000)],
  ])('thousands of %s are cut, and cut between characters', async (_, words) => {
    for (const { name, plain, tried } of await pairs(words)) {
      expect(tried.detail, name).not.toContain(words.slice(0, 130))
      expect(tried.detail.length, name).toBeLessThan(plain.detail.length + 6_000)
      expect(tried.detail.isWellFormed(), `${name} holds no half character`).toBe(true)
    }
  })

  test.each([1_000, 10_000])(
    '%i characters in the reason do not hide the red flag in the note behind them',
    async (length) => {
      const [card] = await cardsWith(vignetteOf('L135'), 'A'.repeat(length))
      expect(card?.source.topic.code).toBe('RF14')
    },
  )

  test('a date with words behind it is only a date', async () => {
    let cards = 0
    for (const vignette of examples) {
      const body = JSON.parse(JSON.stringify(toCall(vignette)), (key, value) => {
        const isDate = /(date|DateTime|authoredOn|start|whenHandedOver)$/i.test(key)
        return isDate && /^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T<b>[x](y)</b>` : value
      })
      const answer = await explainBody(body, vignette.today, withSite(vignette))
      cards += answer.cards.length
      for (const { detail } of answer.cards) expect(detail, vignette.vignette).not.toMatch(/\[x|<b|\(y\)/)
    }
    expect(cards).toBeGreaterThan(40)
  })
})

describe('in what can be clicked', () => {
  const notPlain = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

  test.each(Object.entries({ ...hostile, ...addresses }))(
    '%s leaves labels as written and descriptions on one line',
    async (_, words) => {
      for (const { name, plain, tried } of await pairs(words)) {
        const labels = ({ suggestions = [] }: Card) => suggestions.map(({ label }) => label)
        expect(tried.summary, name).toBe(plain.summary)
        expect(labels(tried), name).toEqual(labels(plain))
        for (const { description } of (tried.suggestions ?? []).flatMap(({ actions }) => actions)) {
          expect(description, name).not.toMatch(notPlain)
          expect(description.length, name).toBeLessThan(200)
        }
        const { suggestions: _suggestions, detail: _detail, ...rest } = tried
        expect(JSON.stringify(rest), name).not.toContain(JSON.stringify(words).slice(1, -1))
      }
    },
  )
})
