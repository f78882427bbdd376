/** The developer's drawer: what was sent and answered, how long it took, why, and switches to make things go wrong. */
import { type Html, html } from '../../../src/pages/html.ts'
import type { Exchange } from '../call.ts'
import { asCurl } from '../curl.ts'
import type { Desk } from '../desk.ts'
import { type KeyMode, keyModes, prefetchPatience } from '../prefetch.ts'
import { clientProfiles } from '../tokens.ts'
import { trace } from './trace.ts'
import { chartAddress, doing, type View } from './view.ts'

export function drawer(view: View, desk: Desk): Html {
  const shown = desk.exchanges.find(({ id }) => id === view.exchange) ?? desk.exchanges[0]
  return html`<section class="drawer" aria-labelledby="drawer-title">
<details id="developer"${view.exchange !== undefined && html` open`}><summary><h2 id="drawer-title">For developers</h2> <span class="drawer-line">${shown ? lineOf(shown) : 'no call yet'}</span></summary>
<div class="drawer-body">
<div class="drawer-side">
${settings(view, desk)}
${history(desk, shown)}
${feedback(desk)}
</div>
<div class="drawer-main">${shown ? exchange(shown) : html`<p class="nothing">Open a chart or draft an order.</p>`}</div>
</div>
</details>
</section>`
}

const rounded = (ms: number) => (ms < 10 ? ms.toFixed(1) : ms.toFixed(0))

function lineOf({ hook, response, cards, ms }: Exchange): string {
  const status = response ? String(response.status) : 'no answer'
  return `${hook} · ${status} · ${cards.length === 1 ? '1 card' : `${cards.length} cards`} · ${rounded(ms.call)} ms`
}

// ---------------------------------------------------------------- switches

const profileWords = { standard: 'CDS Hooks 2.0, tokens ES384', epic: 'Epic, tokens RS384' }

const modeWords: Readonly<Record<KeyMode, string>> = {
  send: 'send',
  withhold: 'leave out',
  fail: 'fail (OperationOutcome)',
  null: 'null (nothing found)',
  delay: `too slow (over ${prefetchPatience} ms)`,
}

function settings({ session, templates }: View, { patientId }: Desk): Html {
  const { profile, sharesFhir, modes } = session.settings
  return html`<form method="post" action="${doing('settings', patientId)}" class="settings">
<fieldset><legend>The EHR</legend>${clientProfiles.map(
    (each) =>
      html`<p class="choice"><input type="radio" id="profile-${each}" name="profile" value="${each}"${each === profile && html` checked`}><label for="profile-${each}">${profileWords[each]}</label></p>`,
  )}
<p class="choice"><input type="checkbox" id="shares-fhir" name="sharesFhir" value="yes"${sharesFhir && html` checked`}><label for="shares-fhir">The service may read the FHIR server</label></p></fieldset>
<fieldset><legend>Prefetch</legend><div class="keys">${Object.entries(templates).map(([key, template]) =>
    keySwitch(key, template, modes[key] ?? 'send'),
  )}</div></fieldset>
<p class="buttons"><button class="primary" name="again" value="yes">Apply and call again</button> <button name="reset" value="yes">All as usual</button></p>
</form>`
}

function keySwitch(key: string, template: string, mode: KeyMode): Html {
  return html`<p class="key${mode !== 'send' && ' key-off'}"><label for="key-${key}" title="${template}">${key}</label><select id="key-${key}" name="key-${key}">${keyModes.map(
    (each) => html`<option value="${each}"${each === mode && html` selected`}>${modeWords[each]}</option>`,
  )}</select></p>`
}

function history({ exchanges, patientId }: Desk, shown: Exchange | undefined): Html | undefined {
  if (exchanges.length === 0) return undefined
  return html`<nav aria-label="Calls"><h3>Calls</h3><ol class="calls">${exchanges.map(
    (each) =>
      html`<li><a href="${chartAddress(patientId)}&amp;exchange=${each.id}#developer"${each === shown && html` aria-current="true"`}>${lineOf(each)}</a></li>`,
  )}</ol></nav>`
}

function feedback({ feedback: sent }: Desk): Html | undefined {
  if (sent.length === 0) return undefined
  return html`<h3>Feedback</h3>${sent.map(
    ({ url, body, outcome }, at) =>
      html`<details id="feedback-${sent.length - at}"><summary>${outcome}</summary><p class="address">POST ${url}</p><pre tabindex="0">${pretty(body)}</pre></details>`,
  )}`
}

// ---------------------------------------------------------------- one call

function exchange(each: Exchange): Html {
  const { id, hook, request, response, claims, problems, url, prefetch } = each
  return html`<h3>${hook}${problems.length > 0 && html` <span class="problem">${problems.join(' ')}</span>`}</h3>
${timing(each)}
<table class="prefetch"><caption>Prefetch</caption><thead><tr><th scope="col">key</th><th scope="col">what became of it</th><th scope="col">query</th><th scope="col" class="tight">ms</th></tr></thead><tbody>${prefetch.map(
    ({ key, outcome, query, template, ms }) =>
      html`<tr><th scope="row" class="tight">${key}</th><td>${outcome}</td><td><code>${query ?? template}</code></td><td class="tight number">${rounded(ms)}</td></tr>`,
  )}</tbody></table>
<div class="both">
${fold(`request-${id}`, 'Request', html`<p class="address">POST ${url}</p>${code(request, 'request')}`)}
${fold(`response-${id}`, `Response ${response?.status ?? ''}`, code(response?.body, 'response'))}
</div>
${fold(`token-${id}`, 'Token', html`<p>Sent as <code>Authorization: Bearer</code>, good for this one call.</p>${code(claims, 'token')}`)}
${fold(`curl-${id}`, 'As curl', html`<p>Without the token, which is used up. Calls without one are answered on this machine while site.yaml lists no callers; the FHIR server is not read for them.</p>${copyable(asCurl(url, request), 'curl')}`)}
${each.found ? trace(each.found) : html`<p class="nothing">No trace: the service answered without evaluating.</p>`}`
}

function timing({ ms, found }: Exchange): Html {
  const stages = Object.entries(found?.times ?? {}) as [string, number][]
  const inside = stages.reduce((sum, [, each]) => sum + each, 0)
  const parts: [string, number][] = [
    ['prefetch by the EHR', ms.prefetch],
    ...stages,
    ['HTTP, verification, JSON', Math.max(0, ms.call - inside)],
  ]
  return html`<dl class="timing"><div class="whole"><dt>Answer</dt><dd>${rounded(ms.call)} ms</dd></div>${parts.map(
    ([name, each]) => html`<div><dt>${name}</dt><dd>${rounded(each)} ms</dd></div>`,
  )}</dl>`
}

const pretty = (value: unknown) => JSON.stringify(value, null, 2) ?? 'nothing'

/** By what it is about and not by the call, so that it stays open from one call to the next. */
function fold(id: string, title: string, body: Html): Html {
  return html`<details id="fold-${id.split('-', 1)[0] ?? ''}"><summary>${title}</summary>${body}</details>`
}

const code = (value: unknown, what: string) => copyable(pretty(value), what)

function copyable(text: string, what: string): Html {
  return html`<div class="copyable"><button type="button" class="copy" hidden data-copy>Copy<span class="unseen"> the ${what}</span></button><pre tabindex="0" aria-label="${what}">${text}</pre></div>`
}
