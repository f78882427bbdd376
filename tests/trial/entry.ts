/** One line of a story (tests/trial/README.md) read into its parts: what it is, its codings, its words, what else is said. */

export interface Entry {
  kind: string
  codings: readonly { system: string; code: string }[]
  words?: string
  flags: ReadonlySet<string>
  values: ReadonlyMap<string, string>
}

const systems: Readonly<Record<string, string>> = {
  icd: 'http://hl7.org/fhir/sid/icd-10-cm',
  icd9: 'http://hl7.org/fhir/sid/icd-9-cm',
  sct: 'http://snomed.info/sct',
  loinc: 'http://loinc.org',
  cpt: 'http://www.ama-assn.org/go/cpt',
  rx: 'http://www.nlm.nih.gov/research/umls/rxnorm',
  ndc: 'http://hl7.org/fhir/sid/ndc',
  local: 'urn:oid:1.2.840.114350.1.13.0.1.7.2.696580',
}
/** Written as they stand: aliases that senders use for a code system. */
const alias = /^(I10|I9C|ICD10|ICD10CM|SNOMEDCT|SCT|RXNORM|urn:oid:[\d.]+|https?:\/\/[^ ]+):([^:]+)$/

export function readEntry(line: string): Entry {
  const [kind = '', ...parts] = line.match(/"[^"]*"|\S+/g) ?? []
  const codings: { system: string; code: string }[] = []
  const flags = new Set<string>()
  const values = new Map<string, string>()
  let words: string | undefined
  for (const part of parts) {
    const [, aliased, aliasedCode] = alias.exec(part) ?? []
    const [, short = '', shortCode] = /^([a-z0-9]+):(.+)$/.exec(part) ?? []
    const [, name, value] = /^([a-z]+)=(.+)$/.exec(part) ?? []
    if (part.startsWith('"')) words = part.slice(1, -1)
    else if (name && value) values.set(name, value)
    else if (aliased && aliasedCode) codings.push({ system: aliased, code: aliasedCode })
    else if (shortCode && systems[short]) codings.push({ system: systems[short], code: shortCode })
    else flags.add(part)
  }
  return { kind, codings, ...(words === undefined ? {} : { words }), flags, values }
}
