/** Where a standalone launch asks for its patient. */
import { html } from '../../src/pages/html.ts'

export interface SandboxPatient {
  id: string
  name: string
}

const policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

/** `waiting` names the launch that waits. */
export function pickerPage(patients: readonly SandboxPatient[], waiting: string) {
  const choices = patients.map(({ id, name }) => {
    const query = new URLSearchParams({ waiting, patient: id })
    return html`<li><a href="/sandbox/smart/choose?${String(query)}">${name}</a></li>`
  })
  const { text } = html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Choose a patient</title>
</head>
<body>
<main>
<h1>Choose a patient</h1>
<p>You are signed in to the sandbox as an invented clinician. An app asks to open a chart.</p>
<ul>${choices}</ul>
</main>
</body>
</html>
`
  return { text: `<!doctype html>\n${text}`, policy }
}
