/** Everything from a request that reaches a card goes through here (SEC-14). */

import { Remembered } from '../bounds.ts'

const longest = 120

/**
 * Text for Markdown: no markup, no HTML, no link survives; long text is cut. Parentheses and signs within a line are left
 * alone, for they mean nothing without brackets, and some EHRs show a card without reading its Markdown.
 */
export function markdownText(value: string): string {
  const known = escaped.get(value)
  if (known !== undefined) return known
  const text = escapedOf(value)
  escaped.set(value, text)
  return text
}

/** Names of orders, findings and medicines come again and again; each of so many characters at most. */
const escaped = new Remembered<string>(2000, 200)

function escapedOf(value: string): string {
  return brokenAddresses(plainText(value))
    .replace(/[\\`*_[\]{}#|~!]/g, '\\$&')
    .replace(/^[-+=](?=[\s=-]|$)/, '\\$&')
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
}

/**
 * A blank inside each address, for renderers that look for addresses after
 * they have decoded the Markdown: an entity alone would not stop those.
 */
const brokenAddresses = (text: string) =>
  text
    .replace(/:\/\/(?=\S)/g, ':// ')
    .replace(/www\.(?=\S)/gi, (found) => `${found} `)
    .replace(/(?<=\S)@(?=\S)/g, ' @ ')

/** One line of visible characters. Control and direction-changing characters go. */
export function plainText(value: string): string {
  const line = value
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
  if (line.length <= longest) return line
  const halfCharacter = /[\uD800-\uDBFF]$/
  return `${line
    .slice(0, longest - 1)
    .replace(halfCharacter, '')
    .trimEnd()}…`
}
