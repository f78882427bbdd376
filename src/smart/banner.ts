/** Whose chart this is: name, birth date and sex, on every page and printout unless the EHR shows them itself (R25). */
import type { HumanName, Patient } from 'fhir/r4.js'
import { type Html, html } from '../pages/html.ts'

/** In the order in which names are preferred. */
const uses = ['official', 'usual', undefined, 'temp', 'nickname', 'anonymous', 'old', 'maiden']

export function nameOf({ name: names = [] }: Patient): string {
  const [first] = [...names].sort((one, other) => uses.indexOf(one.use) - uses.indexOf(other.use))
  return first ? written(first) : 'Name not recorded'
}

function written({ text, prefix = [], given = [], family, suffix = [] }: HumanName): string {
  return text ?? [...prefix, ...given, family, ...suffix].filter(Boolean).join(' ')
}

export function banner(patient: Patient): Html {
  return html`<header>
<dl class="banner" aria-label="Patient">
<div><dt>Patient</dt><dd>${nameOf(patient)}</dd></div>
<div><dt>Born</dt><dd>${patient.birthDate ?? 'not recorded'}</dd></div>
<div><dt>Sex</dt><dd>${patient.gender ?? 'not recorded'}</dd></div>
</dl>
</header>`
}
