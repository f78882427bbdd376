/** What the sections of the page are made from: the pathway as written, as this site runs it, and its examples. */
import type { Content } from '../../content/content.ts'
import type { Example, Examples } from '../../content/examples.ts'
import type { Rule } from '../../content/schema.ts'
import { isRetired } from '../../content/status.ts'
import type { Book } from '../../docs/book.ts'
import { anchors, link } from '../../docs/markdown.ts'
import { type Speech, speech } from '../../docs/sentence.ts'
import { escapeHtml, type Html, html, raw } from '../html.ts'

export const address = '/pathway'

export interface View {
  /** As this site runs it: its own numbers, without the rules that it has switched off. */
  content: Content
  /** As written, with every rule. */
  book: Book
  examples: Examples
  /** Sentences whose facts and numbers are links. */
  speech: Speech
  /** What stands before `#`: nothing on the page of the whole pathway. */
  at: string
}

export function viewOf(content: Content, book: Book, examples: Examples, at: string): View {
  const said = speech(content, {
    fact: (name, text) => link(text, `#${anchors.fact(name)}`),
    number: (name, text) =>
      link(marked(text, content.parameters[name]?.usually), `#${anchors.parameter(name)}`),
  })
  return { content, book, examples, speech: said, at }
}

const marked = (text: string, usually: number | undefined) =>
  usually === undefined ? text : `${text} (set by this site, usually ${usually})`

/** Links that a sentence carries as Markdown become links; everything else in it is text. */
export const linked = (text: string, { at }: Pick<View, 'at'>): Html =>
  raw(
    escapeHtml(text).replace(
      /\[([^[\]]+)\]\((#[\w-]+)\)/g,
      (_, said: string, target: string) => `<a href="${at}${target}">${said}</a>`,
    ),
  )

export const here = (id: string, text: string | Html, { at }: Pick<View, 'at'>): Html =>
  html`<a href="${at}#${id}">${text}</a>`

export const ruleAddress = ({ code }: Pick<Rule, 'code'>) => `${address}/rules/${code.toLowerCase()}`

export const ruleLink = ({ code }: Pick<Rule, 'code'>, view: Pick<View, 'at'>): Html =>
  here(anchors.rule(code), code, view)

export const allRules = ({ book }: Pick<View, 'book'>): readonly Rule[] =>
  book.ruleFiles.flatMap(({ rules }) => rules)

export const examplesOf = ({ code }: Rule, { examples }: View): readonly Example[] =>
  examples.examples.filter(({ rule }) => rule === code)

/** Where a rule stands: the words for its reviewers, and what this site does with it. */
export function standing(rule: Rule, { content }: Pick<View, 'content'>): string[] {
  const { status, code } = rule
  const { off, silent } = content.site.rules
  const reviewed = typeof status === 'object' && 'reviewed' in status ? status.reviewed : undefined
  const retired = typeof status === 'object' && 'retired' in status ? status.retired : undefined
  return [
    retired
      ? `Retired on ${retired.on}: ${retired.why}`
      : reviewed
        ? `Reviewed by ${reviewed.by} on ${reviewed.on}.`
        : 'Draft. No clinician has reviewed it.',
    ...(off.includes(code) && !isRetired(rule) ? ['Switched off at this site.'] : []),
    ...(silent.includes(code) ? ['Silent at this site: judged and logged, never shown.'] : []),
  ]
}
