/** Markdown on pages: what a card needs, and nothing that a page should not hold. */
import { expect, it } from 'vitest'
import { html, raw } from '../../src/pages/html.ts'
import { markdown, markdownLine } from '../../src/pages/markdown.ts'

it('renders what cards are written in', () => {
  expect(markdown('- **Ask** about *fever*\n- Then wait').text).toBe(
    '<ul>\n<li><strong>Ask</strong> about <em>fever</em></li>\n<li>Then wait</li>\n</ul>\n',
  )
})

it.each([
  ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
  ['a <b onclick="x">word</b>', 'a &lt;b onclick=&quot;x&quot;&gt;word&lt;/b&gt;'],
  ['[press](javascript:alert)', 'press'],
  ['[press](http://example.org)', 'press'],
  ['[read](https://example.org/?a=1&b=2)', '<a href="https://example.org/?a=1&amp;b=2">read</a>'],
  ['![a picture](https://example.org/x.png)', 'a picture'],
  ['fish &amp; \\<chips\\>', 'fish &amp; &lt;chips&gt;'],
])('%s', (written, shown) => {
  expect(markdownLine(written).text).toBe(shown)
})

it('escapes what is put into a template, and lets through what was made as HTML', () => {
  expect(
    html`<p title="${'"'}">${'<i>'}${raw('<i>')}${[1, false, undefined, html`<b>${'&'}</b>`]}</p>`.text,
  ).toBe('<p title="&quot;">&lt;i&gt;<i>1<b>&amp;</b></p>')
})
