/** What frames every page of the dashboard: its style as a file of its own, where it leads, and who looks. */
import { type Html, html, type Part } from '../pages/html.ts'
import type { Viewer } from './viewer.ts'

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
