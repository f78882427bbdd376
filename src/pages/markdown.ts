/** Markdown of cards, notes and of the book as HTML. HTML in it is shown and never obeyed; links lead to the web, or where `at` says. */
import { Marked } from 'marked'
import { escapeHtml, Html } from './html.ts'

/** The address of `#id`; undefined where nothing of that name can be read. */
export type AddressOf = (id: string) => string | undefined

export interface Markdown {
  blocks(text: string): Html
  line(text: string): Html
}

export function markdownWith(at: AddressOf): Markdown {
  const marked = new Marked({
    async: false,
    tokenizer: { html: () => undefined, tag: () => undefined },
    renderer: {
      link({ href, tokens }) {
        const text = this.parser.parseInline(tokens)
        const to = href.startsWith('#') ? at(href.slice(1)) : /^https:\/\//.test(href) ? href : undefined
        return to === undefined ? text : `<a href="${escapeHtml(to)}">${text}</a>`
      },
      image: ({ text }) => escapeHtml(text),
    },
  })
  return {
    blocks: (text) => new Html(marked.parse(text, { async: false })),
    line: (text) => new Html(marked.parseInline(text, { async: false })),
  }
}

export const { blocks: markdown, line: markdownLine } = markdownWith((id) => `#${id}`)
