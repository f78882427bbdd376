/** What findings mean, alone and in pairs, in two golden files: reviewed as a diff (`UPDATE_GOLDEN=1` writes them anew). */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { realContent } from '../support/evaluator.ts'
import { type Finding, findingsOf } from './findings.ts'
import { type Meanings, meaningsBy } from './meanings.ts'
import { pairs } from './pairs.ts'

const content = realContent()
const meanings = await meaningsBy(content)

const about = `beside ten days of back pain in a woman of 45: the cards for an MRI, a CT, an X-ray, a short
course of oxycodone and the opened chart`
const rewritten =
  'Written by `UPDATE_GOLDEN=1 npx vitest run tests/golden`: read the difference before it is kept.'

const pages = {
  'findings.md': {
    head: `# Golden findings

What each kind of finding means to the pathway, ${about}, then
the facts that it changes (\`?\`: cannot be told). One code of every group that facts ask for, in several ages and states;
what is not listed changes nothing. ${rewritten}`,
    findings: findingsOf(content),
    outcome: async (finding: Finding, { plain, factsOf, cardsOf }: Meanings) => {
      const [facts, cards] = [await factsOf(finding), await cardsOf(finding)]
      if (facts === plain.facts && cards === plain.cards) return undefined
      return `${cards === plain.cards ? 'the same cards' : cards}; ${facts}`
    },
  },
  'pairs.md': {
    head: `# Golden pairs

Which cards two findings at once bring, ${about}. ${rewritten}`,
    findings: pairs,
    outcome: (finding: Finding, { cardsOf }: Meanings) => cardsOf(finding),
  },
}

test.each(Object.entries(pages))(
  '%s says what was last approved',
  async (name, { head, findings, outcome }) => {
    const sections = new Map<string, Map<string, string[]>>()
    for (const finding of findings) {
      const said = await outcome(finding, meanings)
      if (said === undefined) continue
      const section = sections.get(finding.key) ?? new Map<string, string[]>()
      sections.set(finding.key, section.set(said, [...(section.get(said) ?? []), finding.told]))
    }
    const lines = [...sections].flatMap(([key, section]) => [
      '',
      `## ${key}`,
      '',
      ...[...section].map(([said, told]) => `- ${told.join('; ')}: ${said}`),
    ])
    const written = `${[head, '', `With nothing else: ${meanings.plain.cards}.`, ...lines].join('\n')}\n`
    const file = join(import.meta.dirname, name)
    if (process.env.UPDATE_GOLDEN) writeFileSync(file, written)
    expect(written).toBe(readFileSync(file, 'utf8'))
  },
)
