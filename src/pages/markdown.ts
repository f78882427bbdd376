/** Markdown of cards and notes as HTML. HTML in it is shown and never obeyed; links lead to the web only. */
import { Marked } from 'marked'
import { escapeHtml, Html } from './html.ts'

const marked = new Marked({
  async: false,
  tokenizer: { html: () => undefined, tag: () => undefined },
  renderer: {
    link({ href, tokens }) {
      const text = this.parser.parseInline(tokens)
      return /^(https:\/\/|#)/.test(href) ? `<a href="${escapeHtml(href)}">${text}</a>` : text
    },
    image: ({ text }) => escapeHtml(text),
  },
})

export const markdown = (text: string) => new Html(marked.parse(text, { async: false }))
export const markdownLine = (text: string) => new Html(marked.parseInline(text, { async: false }))
