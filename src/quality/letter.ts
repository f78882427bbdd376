/** A clinician's letter: one page, own rates beside the clinic and its others, and cases to think about, none of which names anybody. */
import { Paper, sizes } from '../handouts/pdf/paper.ts'
import { better, percent } from './blocks.ts'
import type { OwnMeasure } from './clinician.ts'
import { whole } from './frame.ts'
import type { CaseToThinkAbout } from './reports.ts'

export interface Letter {
  clinician: string
  clinic: string | undefined
  period: { start: string; end: string } | undefined
  measures: readonly OwnMeasure[]
  cases: readonly CaseToThinkAbout[]
  /** What the card of a rule says, by its code. */
  titles: Readonly<Record<string, string>>
  /** As `2026-01-15`. */
  written: string
}

/** Letter, tagged, in English. */
export function letterPdf(letter: Letter): Promise<Buffer> {
  const { clinician, clinic, period, measures, cases, titles, written } = letter
  const title = `Low back pain: your own figures, ${clinician}`
  const paper = new Paper({ title, language: 'en', size: 'LETTER', written })
  const article = paper.branch('Art')
  const say = (text: string, strong = '') =>
    paper.paragraph(article, {
      runs: [...(strong === '' ? [] : [{ text: `${strong} `, strong: true }]), { text, strong: false }],
    })
  paper.heading(article, 'H1', 'Low back pain: your own figures', sizes.part)
  say(
    period
      ? `${clinician}${clinic === undefined ? '' : `, ${clinic}`}. Index visits from ${period.start} to ${period.end}. Written ${written}.`
      : `${clinician}. There is no report yet. Written ${written}.`,
  )
  paper.rule(1)
  for (const measure of measures) say(told(measure), `${measure.measure.name}.`)
  if (cases.length > 0) {
    paper.rule(1)
    paper.heading(article, 'H2', 'To think about', sizes.section)
    for (const { age, ordered, days, rule } of cases)
      say(
        `Somebody of ${age}: ${ordered} was ordered ${days === 0 ? 'on the day of' : `${days} days after`} the first visit. A card would have said: ${titles[rule] ?? rule}.`,
      )
    say('What would have helped this patient more? What did the chart not say?')
  }
  paper.rule(1)
  say(
    'For you alone. Others of the clinic have no names here, and are left out where they are few. A difference of a few points may be chance.',
  )
  article.end()
  return paper.finish((number, count) => `${number} of ${count}`)
}

function told({ measure, variant, own, clinic, peers }: OwnMeasure): string {
  const spared = measure.reported === 'share' ? '' : ' spared'
  const figures = [
    `You: ${percent(own.share)}${spared} of ${whole(own.of)}`,
    ...(clinic ? [`the clinic: ${percent(clinic.share)}`] : []),
    ...(peers.length > 0 ? [`others: ${percent(peers[0])} to ${percent(peers.at(-1))}`] : []),
  ]
  return `${figures.join('; ')} (${variant}). ${better(measure.direction)}`
}
