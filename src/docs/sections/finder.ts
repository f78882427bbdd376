/** Where to find a rule: by what its card looks like, by what it does, and by what it is asked of. */
import { type Rule, subjects } from '../../pathway/schema.ts'
import type { Row, Table } from '../blocks.ts'
import { capital } from '../markdown.ts'
import { allRules, ruleLink, type Telling } from '../telling.ts'
import { subjectNames } from '../words.ts'

export function finderTables(telling: Telling): Table[] {
  const rules = allRules(telling)
  const headlines = rules.filter((rule) => rule.role === 'headline')
  const tables: [string, Row[]][] = [
    [
      'Cards by indicator',
      (['critical', 'warning', 'info'] as const).flatMap((indicator) =>
        rowOf(
          indicator,
          headlines.filter((rule) => rule.indicator === indicator),
        ),
      ),
    ],
    [
      'Rules without a card of their own',
      (['gate', 'silencer', 'line', 'offer', 'marker'] as const).flatMap((role) =>
        rowOf(
          `${role}s`,
          rules.filter((rule) => rule.role === role),
        ),
      ),
    ],
    [
      'By what is judged',
      subjects.flatMap((subject) =>
        rowOf(
          subjectNames[subject],
          rules.filter(({ on }) => on.includes(subject)),
        ),
      ),
    ],
  ]
  return tables.map(([caption, rows]) => ({ kind: 'table', caption, head: ['Which', 'Rules'], rows }))
}

function rowOf(name: string, rules: readonly Rule[]): Row[] {
  if (rules.length === 0) return []
  return [{ cells: [capital(name), rules.map(ruleLink).join(', ')] }]
}
