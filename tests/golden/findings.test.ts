/** What every kind of finding means, in one golden file: reviewed as a diff (`UPDATE_GOLDEN=1` writes it anew). */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { realContent } from '../support/evaluator.ts'
import { findingsOf, meaningsBy } from './findings.ts'

const file = join(import.meta.dirname, 'findings.md')
const header = `# Golden findings

What each kind of finding means to the pathway, beside ten days of back pain in a woman of 45: one code of every group
that facts ask for, in several ages and states; the cards for an MRI, an X-ray, a short course of oxycodone and the
opened chart; then the facts that it changes (\`?\`: cannot be told). What is not listed changes nothing. Written by \`UPDATE_GOLDEN=1 npx vitest run
tests/golden\`: read the difference before it is kept.
`

test('findings mean what was last approved', async () => {
  const content = realContent()
  const { plain, factsOf, cardsOf } = await meaningsBy(content)
  let section = ''
  const lines = ['', `With nothing else: ${plain.cards}.`]
  for (const finding of findingsOf(content)) {
    if (finding.key !== section) lines.push('', `## ${finding.key}`, '')
    section = finding.key
    const [facts, cards] = [await factsOf(finding), await cardsOf(finding)]
    if (facts === plain.facts && cards === plain.cards) continue
    lines.push(`- ${finding.told}: ${cards === plain.cards ? 'the same cards' : cards}; ${facts}`)
  }
  const written = `${header}${lines.join('\n')}\n`
  if (process.env.UPDATE_GOLDEN) writeFileSync(file, written)
  expect(written).toBe(readFileSync(file, 'utf8'))
})
