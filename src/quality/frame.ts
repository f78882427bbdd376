/** A page that is a file: it carries its style, asks for nothing from elsewhere, prints, and is read on a narrow window too. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Html, html, type Part, raw } from '../pages/html.ts'
import type { Viewer } from './viewer.ts'

// What frames every page of the dashboard: its style as a file of its own, where it leads, and who looks.

export const address = '/quality'

export interface Framed {
  viewer: Viewer
  /** Path before `/quality` as browsers see it. */
  base: string
  /** Somebody signed in, and may sign out. */
  isSignedIn: boolean
}

export function dashboardFrame(title: string, { viewer, base, isSignedIn }: Framed, body: Part): string {
  const at = `${base}${address}`
  const own = viewer.clinician?.id
  const links: readonly (readonly [string, string])[] =
    viewer.role === 'lead'
      ? [
          ['Measures', at],
          ['Cards', `${at}/cards`],
          ['Clinicians', `${at}/clinicians`],
          ['Who looked', `${at}/looks`],
        ]
      : own === undefined
        ? []
        : [['My own figures', `${at}/clinicians/${encodeURIComponent(own)}`]]
  return document(
    title,
    `${at}/style.css`,
    html`<header><nav aria-label="Dashboard"><ul>
${links.map(([name, to]) => html`<li><a href="${to}">${name}</a></li>\n`)}</ul></nav>
<p class="quiet">${viewer.name}, ${viewer.role}</p>
${isSignedIn && html`<form method="post" action="${at}/sign-out"><button>Sign out</button></form>`}</header>
<main>
<h1>${title}</h1>
${body}
</main>`,
  )
}

/** For somebody who may not look, or asked for what is not there. */
export function plainPage(title: string, base: string, body: Part): string {
  return document(title, `${base}${address}/style.css`, html`<main>\n<h1>${title}</h1>\n${body}\n</main>`)
}

const document = (title: string, style: string, body: Html): string =>
  `<!doctype html>\n${
    html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${title}</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
${body}
</body>
</html>
`.text
  }`

const style = readFileSync(join(import.meta.dirname, 'style.css'), 'utf8')

export function frame(title: string, body: Part, script?: string): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${raw(style)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
${script === undefined ? undefined : html`<script>${raw(script)}</script>`}
</body>
</html>
`.text
}

interface Column {
  name: string
  /** Figures stand to the right. */
  figure?: boolean
}

/** A wide table scrolls in its own frame, by keyboard too; the first cell of a row is its heading. */
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Part[])[]): Html {
  if (rows.length === 0) return html`<p class="quiet">${caption}: none.</p>\n`
  const cell = (part: Part, n: number) =>
    n === 0
      ? html`<th scope="row">${part}</th>`
      : html`<td${columns[n]?.figure ? raw(' class="figure"') : ''}>${part}</td>`
  return html`<div class="wide" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map(({ name, figure }) => html`<th scope="col"${figure ? raw(' class="figure"') : ''}>${name}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map(cell)}</tr>\n`)}</tbody>
</table></div>
`
}

/** Figures at the top of a page, each with its words. */
export const figures = (list: readonly { value: string; words: string }[]): Html =>
  html`<dl class="figures">${list.map(({ value, words }) => html`<div><dt>${words}</dt><dd>${value}</dd></div>\n`)}</dl>\n`

export const whole = (n: number) => n.toLocaleString('en-US')
export const per100 = (part: number, of: number) => (of === 0 ? '–' : ((100 * part) / of).toFixed(1))
