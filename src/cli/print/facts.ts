/** What was found out about a case: each fact with its answer, its evidence, and what did not come. */
import pc from 'picocolors'
import type { Evidence, Facts, Known, Value } from '../../pathway/known.ts'
import { aligned, coloured, hanging, harmless, terminalWidth } from './text.ts'

/** Evidence named before the rest is left to the record. */
const mostEvidence = 4

export interface FactGroup {
  name: string
  facts: readonly string[]
}

export function factLines(groups: readonly FactGroup[], facts: Facts, showAll: boolean): string[] {
  const named = new Set(groups.flatMap((group) => group.facts))
  const others = { name: 'others', facts: [...facts.keys()].filter((fact) => !named.has(fact)) }
  return [...groups, others].flatMap((group) => groupLines(group, facts, showAll))
}

function groupLines({ name, facts: names }: FactGroup, facts: Facts, showAll: boolean): string[] {
  const asked = names.flatMap((fact): [string, Known][] => {
    const known = facts.get(fact)
    return known ? [[fact, known]] : []
  })
  if (asked.length === 0) return []
  const shown = showAll ? asked : asked.filter(([, { value }]) => value !== false)
  const absent = showAll ? [] : asked.filter(([, { value }]) => value === false).map(([fact]) => fact)
  return [
    pc.bold(titleOf(name)),
    ...aligned(
      shown.map(([fact, known]) => [fact, answerOf(known.value), supportOf(known)]),
      2,
    ),
    ...(absent.length > 0
      ? hanging(pc.dim('  no: '), coloured(absent.join(', '), pc.dim), terminalWidth())
      : []),
    '',
  ]
}

const titleOf = (name: string) =>
  name.replaceAll('-', ' ').replace(/^\p{Ll}/u, (letter) => letter.toUpperCase())

export function answerOf(value: Value | undefined): string {
  if (value === undefined) return pc.yellow('cannot tell')
  if (value === true) return pc.green('yes')
  if (value === false) return pc.dim('no')
  return pc.cyan(typeof value === 'string' ? value.replaceAll('-', ' ') : rangeOf(value))
}

function rangeOf({ low, high }: { low: number; high: number }): string {
  if (low === high) return String(low)
  if (!Number.isFinite(high)) return `${low} or more`
  return Number.isFinite(low) ? `${low} to ${high}` : `${high} or less`
}

function supportOf({ evidence, gaps }: Known): string {
  const more = evidence.length - mostEvidence
  const said = [...evidence.slice(0, mostEvidence).map(told), ...(more > 0 ? [`and ${more} more`] : [])].join(
    '; ',
  )
  const missing = gaps.length > 0 ? coloured(`did not come whole: ${gaps.join(', ')}`, pc.yellow) : ''
  return [coloured(said, pc.dim), missing].filter((part) => part !== '').join(' ')
}

const ways: Readonly<Record<Evidence['how'], string>> = {
  code: '',
  alias: ', by another name of its code system',
  local: ', by a code of this site',
  name: ', matched by name',
  words: ', in words',
  element: '',
  'not-read': ', could not be read',
  answer: ', answered by the clinician',
}

function told({ what, date, reference, how }: Evidence): string {
  const where = reference === 'order' ? 'the order' : reference
  return harmless([what, date?.slice(0, 10), `(${where}${ways[how]})`].filter(Boolean).join(' '))
}
