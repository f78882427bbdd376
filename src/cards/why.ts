/** What one card rests on, in names and words that a page can show: found, not found, not checked, and where it is wrong. */

import { factsIn } from '../decide/conditions.ts'
import type { Content } from '../pathway/content.ts'
import type { Evidence, Facts } from '../pathway/known.ts'
import type { Rule } from '../pathway/schema.ts'
import { compileLookedFor } from './checked.ts'
import { compileFindings } from './findings.ts'
import type { Headline } from './per-headline.ts'
import { compileTemplate, compileTemplates } from './sentences.ts'

/** A fact by its name, with what speaks for it. */
export interface Told {
  fact: string
  name: string
  evidence: readonly Evidence[]
}

export interface Why {
  code: string
  title: string
  /** "Pain for 9 days (since 2026-11-12)". */
  pain: string | undefined
  painEvidence: readonly Evidence[]
  dose: string | undefined
  doseEvidence: readonly Evidence[]
  found: readonly Told[]
  /** Answered no, and on record all the same. */
  denied: readonly string[]
  notFound: readonly string[]
  answeredNo: readonly string[]
  answeredAt: string | undefined
  unchecked: readonly string[]
  /** Kinds of data that did not come whole. */
  missing: readonly string[]
  /** Entries that could not be read. */
  unread: readonly Evidence[]
  wrongWhen: readonly string[]
  /** Lines that did not ride, or could be told to any patient. */
  also: readonly string[]
  sources: readonly { label: string; url: string | undefined; status: string }[]
  strength: string
  /** Numbers that the site has set itself. */
  siteChoices: readonly string[]
}

/** Undefined for a rule that the content does not hold any more. */
export type TellWhy = (
  card: { rule: string; lines: readonly string[]; detail: string },
  facts: Facts,
) => Why | undefined

/** Room for findings on a page, in words: all of it. */
const asMuchAsThereIs = 200

export function compileWhy(content: Content): TellWhy {
  const { phrases, records, strengths } = content.phrases
  const say = compileTemplates(phrases)
  const lookedFor = compileLookedFor(content)
  const findingsOf = compileFindings(content)
  const byId = new Map(content.rules.map((rule) => [rule.id, rule]))

  return ({ rule: id, lines, detail }, facts) => {
    const rule = byId.get(id)
    if (rule?.role !== 'headline') return undefined
    const findings = findingsOf(rule)(facts)
    const { absent, answeredNo, unchecked, missing, unread, at } = lookedFor(rule)(facts)
    const found = foundIn(rule, lines, facts)
    return {
      code: rule.code,
      title: rule.title,
      pain: findings.pain(asMuchAsThereIs),
      painEvidence: evidenceReading('onset-days', facts),
      dose: asksDose(rule) ? findings.mme(asMuchAsThereIs) : undefined,
      doseEvidence: asksDose(rule) ? evidenceOfDose(facts) : [],
      found,
      denied: found
        .filter(({ evidence }) => evidence.some(({ how, what }) => how === 'answer' && what === 'no'))
        .map(({ name }) => name),
      notFound: absent,
      answeredNo,
      answeredAt: at,
      unchecked,
      missing: missing.map((type) => records[type] ?? type),
      unread,
      wrongWhen: rule['wrong-when'],
      also: lines.flatMap((line) => alsoOf(line, detail, facts)),
      sources: rule.cites.flatMap((cite) => {
        const source = content.sources[cite]
        return source ? [{ label: source.label, url: source.url, status: source.status }] : []
      }),
      strength: strengths[rule.strength] ?? rule.strength,
      siteChoices: siteChoices(rule),
    }
  }

  /** What holds of the headline's own facts, of those of its lines, and every red flag. */
  function foundIn(rule: Headline, lines: readonly string[], facts: Facts): Told[] {
    const own = [rule, ...lines.flatMap((line) => byId.get(line) ?? [])].flatMap(({ when }) => factsIn(when))
    const flags = [...facts.keys()].filter((fact) => content.facts[fact]?.['red-flag'])
    return [...new Set([...own, ...flags])].flatMap((fact) => {
      const known = facts.get(fact)
      const { noun, kind } = content.facts[fact] ?? {}
      if (known?.value !== true || noun === undefined || kind === 'episode') return []
      return [{ fact, name: noun, evidence: known.evidence }]
    })
  }

  function alsoOf(id: string, detail: string, facts: Facts): string[] {
    const rule = byId.get(id)
    const line = content.cards[id]?.line
    if (!rule || line === undefined) return []
    const found = findingsOf(rule)(facts)
    const text = compileTemplate(line)({
      found: found.found(asMuchAsThereIs),
      pain: found.pain(asMuchAsThereIs),
      mme: found.mme(asMuchAsThereIs),
      supply: found.supply(asMuchAsThereIs),
      age: found.age(asMuchAsThereIs),
    })
    return detail.includes(text) ? [] : [text]
  }

  function evidenceReading(read: string, facts: Facts): readonly Evidence[] {
    const name = Object.keys(content.facts).find((fact) => {
      const declared = content.facts[fact]
      return declared?.kind === 'episode' && declared.read === read
    })
    return facts.get(name ?? '')?.evidence ?? []
  }

  function asksDose(rule: Rule): boolean {
    return factsIn(rule.when).some((fact) => isDose(fact))
  }

  function isDose(fact: string): boolean {
    const declared = content.facts[fact]
    return declared?.kind === 'dose' && declared.read === 'mme-per-day'
  }

  function evidenceOfDose(facts: Facts): readonly Evidence[] {
    return [...facts.keys()].flatMap((fact) => (isDose(fact) ? (facts.get(fact)?.evidence ?? []) : []))
  }

  function siteChoices(rule: Headline): string[] {
    const asked = JSON.stringify([rule.when, ...factsIn(rule.when).map((fact) => content.facts[fact])])
    return Object.entries(content.parameters).flatMap(([name, { usually, meaning, value, unit }]) =>
      usually !== undefined && asked.includes(`"$${name}"`)
        ? [say.chosen({ meaning, value, unit, usually })]
        : [],
    )
  }
}
