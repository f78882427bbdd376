/** `pathway/coverage.md`: what became of every row of the decision table. */
import type { Rule } from '../content/schema.ts'
import type { Book } from './book.ts'
import type { Coverage, Row, Trace } from './decision-table.ts'
import { anchors, bulletList, cell, link, page, spaced, table } from './markdown.ts'
import { generated } from './pathway-page.ts'
import { roles } from './words.ts'

export function coveragePage(
  { table: { about, rows, 'only-in-the-text': text, corrections }, content }: Book,
  coverage: Coverage,
): string {
  const { traces, beyond } = coverage
  const encoded = rows.filter(({ id }) => isEncoded(traces.get(id))).length
  return page(
    generated.replaceAll(' and of ../cards', ''),
    '# Coverage of the decision table',
    about.trim(),
    `**${encoded} of ${rows.length} rows are encoded.** The reason stands at each that is not.`,
    table(
      ['Row', 'Orders', 'Priority', 'Indicator', 'Condition', 'Became'],
      rows.map((row) => [
        row.id,
        row.orders,
        String(row.priority),
        row.indicator,
        cell(row.condition),
        became(traces.get(row.id), row),
      ]),
    ),
    '## Named in its text only',
    table(
      ['Id', 'Condition', 'Became'],
      text.map(({ id, condition }) => [id, cell(condition), became(traces.get(id))]),
    ),
    '## Corrections of these rows',
    table(
      ['Id', 'Correction', 'Became'],
      corrections.map(({ id, correction, rules, beside }) => [
        id,
        cell(correction),
        [
          ...content.rules.flatMap((rule) => (rules.includes(rule.code) ? ruleLink(rule) : [])),
          ...(beside ? [cell(beside)] : []),
        ].join('; '),
      ]),
    ),
    '## Rules that stand in no row',
    beyond.length > 0 ? bulletList(beyond.map(described)) : 'None.',
  )
}

const isEncoded = (trace: Trace | undefined) => trace !== undefined && trace.to !== 'nothing'

function became(trace: Trace | undefined, row?: Row): string {
  if (!trace) return '**lost**'
  if (trace.to === 'nothing') return `not encoded, because: ${cell(trace.because)}`
  if (trace.to === 'order-kinds')
    return link(`order kinds ${trace.kinds.map(spaced).join(' and ')}`, 'orders.yaml')
  return [ruleLink(trace.rule), ...(row ? differences(trace.rule, row) : [])].join('; ')
}

const ruleLink = (rule: Rule) =>
  `${roles[rule.role]} ${link(rule.id, `README.md#${anchors.rule(rule.code)}`)}`

const described = (rule: Rule) =>
  [`${rule.code}, ${ruleLink(rule)}: ${rule.title}.`, rule.note?.trim()].filter(Boolean).join(' ')

/** What the rule has otherwise than its row: a reviewer should not have to find it. */
function differences(rule: Rule, row: Row): string[] {
  if (rule.role !== 'headline' && rule.role !== 'line') return []
  const priority = rule.priority === row.priority ? [] : [`priority ${rule.priority}`]
  const indicator = rule.role === 'headline' && rule.indicator !== row.indicator ? [rule.indicator] : []
  return [...priority, ...indicator].map((each) => `here ${each}`)
}
