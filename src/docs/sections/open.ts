/** What stays open, what is not encoded, what became of the decision table, and what was changed when. */
import type { Rule } from '../../pathway/schema.ts'
import { list, type Section, text, type Words } from '../blocks.ts'
import { type Row as TableRow, type Trace, trace } from '../book.ts'
import { anchors, bare, capital, cell, link, spaced } from '../markdown.ts'
import { ruleLink, type Telling } from '../telling.ts'
import { roles } from '../words.ts'

export function openSection({ content: { pathway } }: Telling): Section {
  const rows = pathway['open-questions'].map(({ question, chosen, 'raised-by': by }) => ({
    cells: [`**${cell(question)}**`, cell(chosen), capital(by.map(cell).join(', '))],
  }))
  return {
    id: 'open-questions',
    title: 'Open questions',
    blocks: [
      text('Chosen so that the pathway can be run. Each stays open until a clinical owner signs it.'),
      {
        kind: 'table',
        caption: 'Open questions for the clinical owners',
        head: ['Question', 'Chosen for now', 'Raised as'],
        rows,
      },
    ],
  }
}

export function notEncodedSection({ content: { pathway } }: Telling): Section {
  const rows = pathway['not-encoded'].map(({ code, what, because }) => ({
    cells: [code, cell(what), cell(because)],
  }))
  return {
    id: 'not-encoded',
    title: 'What is not encoded',
    blocks: [
      text(
        'Rows of the decision table, and ids of its text, that are no rule here. What a rule leaves out of its own row stands with the rule.',
      ),
      { kind: 'table', caption: 'Not encoded', head: ['Row', 'What', 'Because'], rows },
    ],
  }
}

export function historySection({ content: { pathway } }: Telling): Section {
  return {
    id: 'history',
    title: 'History',
    blocks: pathway.history.flatMap(({ version, on, impact }) => [
      text(`**Version ${version}, ${on}**`),
      list(impact),
    ]),
  }
}

/** What became of every row of the decision table. */
export function decisionTableSection({ book: { content, table } }: Telling): Section {
  const { about, rows, 'only-in-the-text': inText, corrections } = table
  const { traces, beyond } = trace(table, content)
  const encoded = rows.filter(({ id }) => isEncoded(traces.get(id))).length
  return {
    id: 'decision-table',
    title: 'Coverage of the decision table',
    blocks: [
      text(cell(about)),
      text(`**${encoded} of ${rows.length} rows are encoded.** The reason stands at each that is not.`),
      {
        kind: 'table',
        caption: 'Rows of the decision table',
        head: ['Row', 'Orders', 'Priority', 'Indicator', 'Condition', 'Became'],
        rows: rows.map((row) => ({
          id: `row-${bare(row.id)}`,
          cells: [
            row.id,
            row.orders,
            String(row.priority),
            row.indicator,
            cell(row.condition),
            became(traces.get(row.id), row),
          ],
        })),
      },
      {
        kind: 'table',
        caption: 'Named in its text only',
        head: ['Id', 'Condition', 'Became'],
        rows: inText.map(({ id, condition }) => ({ cells: [id, cell(condition), became(traces.get(id))] })),
      },
      {
        kind: 'table',
        caption: 'Corrections of these rows',
        head: ['Id', 'Correction', 'Became'],
        rows: corrections.map(({ id, correction, rules, beside }) => ({
          cells: [
            id,
            cell(correction),
            [
              ...content.rules.flatMap((rule) => (rules.includes(rule.code) ? named(rule) : [])),
              ...(beside ? [cell(beside)] : []),
            ].join('; '),
          ],
        })),
      },
      text('**Rules that stand in no row**'),
      beyond.length > 0 ? list(beyond.map(described)) : text('None.'),
    ],
  }
}

const isEncoded = (found: Trace | undefined) => found !== undefined && found.to !== 'nothing'

function became(found: Trace | undefined, row?: TableRow): Words {
  if (!found) return '**lost**'
  if (found.to === 'nothing') return `not encoded, because: ${cell(found.because)}`
  if (found.to === 'order-kinds')
    return link(`order kinds ${found.kinds.map(spaced).join(' and ')}`, 'orders.yaml')
  return [named(found.rule), ...(row ? differences(found.rule, row) : [])].join('; ')
}

const named = (rule: Rule): Words => `${roles[rule.role]} ${link(rule.id, `#${anchors.rule(rule.code)}`)}`

const described = (rule: Rule): Words =>
  [`${ruleLink(rule)}, ${roles[rule.role]} ${rule.id}: ${cell(rule.title)}.`, rule.note && cell(rule.note)]
    .filter(Boolean)
    .join(' ')

/** What the rule has otherwise than its row: a reviewer should not have to find it. */
function differences(rule: Rule, row: TableRow): string[] {
  if (rule.role !== 'headline' && rule.role !== 'line') return []
  const priority = rule.priority === row.priority ? [] : [`priority ${rule.priority}`]
  const indicator = rule.role === 'headline' && rule.indicator !== row.indicator ? [rule.indicator] : []
  return [...priority, ...indicator].map((each) => `here ${each}`)
}
