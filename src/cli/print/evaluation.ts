/** One evaluation as the ledger has it: when, for whom it was judged (by keys), what was shown, held back and answered. */
import pc from 'picocolors'
import { timeIn } from '../../calendar.ts'
import type { CardTold, EvaluationTold } from '../../ledger/reports.ts'
import type { Content } from '../../pathway/content.ts'

export function evaluationLines(told: EvaluationTold, content: Content): string[] {
  const at = momentsOf(content)
  const titles = new Map(content.rules.map(({ code, title }) => [code, title]))
  const named = (codes: readonly string[]) => codes.map((code) => `${code} ${titles.get(code) ?? ''}`.trim())
  const { verdicts, prefetch, cards, became } = told
  const lacking = Object.entries(prefetch).filter(([, state]) => state !== 'given' && state !== 'empty')
  return [
    pc.bold(`${at(told.at)}, ${told.hook}${told.mode === 'silent' ? ', in a trial run' : ''}`),
    `evaluation ${told.id}, call ${told.instance ?? 'without a UUID'}`,
    `caller ${told.issuer ?? 'not verified'}${told.tenant ? `, tenant ${told.tenant}` : ''}${told.department ? `, ${told.department}` : ''}`,
    `pathway ${told.pathway} (${told.digest}), judged in ${told.ms} ms`,
    `patient ${told.patient}, clinician ${told.clinician ?? 'not named'}`,
    '',
    ...(cards.length === 0
      ? ['No rule asked for a card.']
      : cards.flatMap((card) => cardLines(card, titles, at))),
    ...became.map(({ kind, outcome, why }) => `A day later: ${kind} ${outcome}${why ? ` (${why})` : ''}`),
    '',
    ...verdicts.flatMap(({ kind, holds, unknown, closedBy, heldBack }) => [
      pc.bold(kind),
      ...list('hold', named(holds)),
      ...list('cannot be told', named(unknown)),
      ...list('close the pathway', named(closedBy)),
      ...list('would have advised, and could not be sure', named(heldBack)),
    ]),
    ...(lacking.length > 0
      ? [`Did not come whole: ${lacking.map(([key, state]) => `${key} (${state})`).join(', ')}`]
      : ['All data came.']),
    `Entries that could not be read: ${told.unread}`,
    ...(told.passedOver > 0 ? [`Orders that were not judged: ${told.passedOver}`] : []),
  ]
}

function cardLines(
  card: CardTold,
  titles: ReadonlyMap<string, string>,
  at: (ms: number) => string,
): string[] {
  const { uuid, rule, indicator, isShown, why, feedback } = card
  const became = isShown ? (why ? `shown, ${why}` : 'shown') : `held back, ${why ?? ''}`
  return [
    `${pc.bold(rule)} ${titles.get(rule) ?? ''} (${indicator}): ${became}`,
    `  card ${uuid}`,
    ...feedback.map(({ outcome, at: when, reason, comment, suggestions }) =>
      [
        `  ${at(when)} ${outcome}`,
        suggestions.join(', '),
        reason && `because ${reason}`,
        comment && `"${comment}"`,
      ]
        .filter(Boolean)
        .join(': '),
    ),
    ...(isShown && feedback.length === 0 ? ['  nothing was answered'] : []),
  ]
}

const list = (what: string, codes: readonly string[]) =>
  codes.length > 0 ? [`  ${what}: ${codes.join('; ')}`] : []

function momentsOf({ site }: Content): (ms: number) => string {
  // A moment that is never now is told with its day.
  const tell = timeIn(site['time-zone'], () => new Date(0))
  return (ms) => tell(new Date(ms))
}
