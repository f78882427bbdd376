/** The trial as a page: the figures against their bounds, by class, the alert burden, and what the population is not. */
import { type Bound, readBounds } from './bounds.ts'
import type { Burden } from './burden.ts'
import type { Classes } from './event.ts'
import { type Judged, type Mistake, mistakes } from './judge.ts'
import { seed } from './population.ts'
import { byClass, type Figures, figuresOf, interval, share, told } from './tally.ts'

const classNames: Readonly<Record<keyof Classes, string>> = {
  flag: 'what stands in the chart',
  system: 'how it is written',
  place: 'where it stands',
  status: 'its status',
  date: 'its date',
}
const detailed: readonly Mistake[] = [
  'false alarm',
  'missed emergency',
  'missed speech',
  'missed opioid safety',
]

export function report(judged: readonly Judged[], burden: Burden): string {
  const figures = figuresOf(judged)
  return [
    '# Fidelity: what the service does with charts whose truth is known',
    '',
    '<!-- Made by `npm run fidelity -- --write`. Change the trial in tests/fidelity, not this page. -->',
    '',
    ...opening(judged.length),
    '## Mistakes',
    '',
    'Each as made / possible (per cent, 95 % interval of Wilson).',
    '',
    ...table(
      ['', 'coded charts', 'target', 'charts in words, aliases, odd dates', 'target'],
      mistakeRows(figures),
    ),
    '',
    ...meanings,
    '## By class',
    '',
    'Where the mistake was possible at least ten times, the worst twelve of each class. A class of one event is an anecdote.',
    '',
    ...detailed.flatMap((mistake) => classTables(judged, mistake)),
    ...burdenPart(burden),
    ...limits,
  ].join('\n')
}

const opening = (size: number) => [
  `${size} invented order events, each a whole CDS Hooks request, were put through the service. The truth of each is what a`,
  'physician who has read the whole chart would want. It is stated in tables that a clinician can read',
  '([`flags.yaml`](../tests/fidelity/vocabulary/flags.yaml) and its neighbours), written from reference terminology and ordinary',
  'clinical language and not from the rules, facts and value sets of the pathway: the trial is there to find what those miss.',
  `The seed is fixed (${seed}), so a change in a figure is a change in the service or in the trial.`,
  '',
  'An event crosses a red flag, or none, with the coding system or words it is written in, the place where it stands, its',
  'status, the quality of its date, the order, the length of the pain, the care that was tried and the age; beside them stand',
  'exclusions, near misses, denials, home medicines and, for opioids, the dangers that a pharmacist would name. **Coded charts**',
  'hold canonical codes (ICD-10-CM, ICD-9-CM, SNOMED CT, RxNorm, NDC, LOINC, CPT) with clean dates and status; **the others**',
  'hold aliases of systems, local codes, English and Spanish words, odd status and dates, notes, shared ids and pages cut off.',
  '',
]

function mistakeRows(figures: Figures): string[][] {
  const bounds = readBounds()
  const target = (style: Bound['style'], mistake: Mistake) => {
    const bound = bounds.find((each) => each.style === style && each.mistake === mistake)
    if (!bound) return ''
    const isMet = share(figures[style][mistake]) <= bound.target
    return `≤ ${bound.target} %${isMet ? '' : ', not met'}`
  }
  return mistakes.map((mistake) => [
    mistake,
    told(figures.coded[mistake]),
    target('coded', mistake),
    told(figures.rough[mistake]),
    target('rough', mistake),
  ])
}

const meanings = [
  '- **False alarm**: a card against the scan ("not now"), or against the opioid in favour of staying active, where a red flag stands or part of the chart did not come.',
  '- **Missed emergency**: no emergency card where one had to stand.',
  '- **Missed speech**: nothing was said, or only that something could not be checked, where a card was right.',
  '- **Wrong card**: a card about something else than a physician would speak of.',
  '- **Spoken out of scope**: any card on hospice care, inpatient stays, minors, cancer pain, sickle cell disease, treatment of opioid use disorder, other pains and other body parts.',
  '- **Missed opioid safety**: at least one danger of the drafted opioid stood on no card. **Untrue opioid danger**: a card named one that is not there.',
  '- **NSAID where it is contraindicated**: a card names an NSAID beside bleeding, anticoagulants, failing kidneys, heart or liver, allergy, pregnancy or 75 years.',
  '',
]

function classTables(judged: readonly Judged[], mistake: Mistake): string[] {
  const parts = (Object.keys(classNames) as (keyof Classes)[]).map((name) => {
    const rows = byClass(judged, name, mistake).filter(([, { possible, made }]) => possible >= 10 && made > 0)
    return { name, rows: rows.slice(0, 12) }
  })
  const some = parts.filter(({ rows }) => rows.length > 0)
  if (some.length === 0) return [`### ${title(mistake)}`, '', 'None in any class of ten events or more.', '']
  return [
    `### ${title(mistake)}`,
    '',
    ...some.flatMap(({ name, rows }) => [
      ...table(
        [classNames[name], 'made / possible'],
        rows.map(([value, count]) => [value, told(count)]),
      ),
      '',
    ]),
  ]
}

const title = (mistake: string) => `${mistake.slice(0, 1).toUpperCase()}${mistake.slice(1)}`

function burdenPart(burden: Burden): string[] {
  const one = (per: number) => per.toFixed(1)
  const [low, high] = interval({
    made: Math.round(((100 - burden.silent) / 100) * burden.orders),
    possible: burden.orders,
  })
  return [
    '## Alert burden',
    '',
    `Of 100 orders of a plausible clinic mix (${burden.orders} events; the mix stands in`,
    '[`shares.yaml`](../tests/fidelity/vocabulary/shares.yaml) and is DESIGN: no clinic was counted) the loudest card is:',
    '',
    ...table(
      ['critical', 'warning', 'info', 'none'],
      [[one(burden.critical), one(burden.warning), one(burden.info), one(burden.silent)]],
    ),
    '',
    `${one(100 - burden.silent)} orders of 100 get a card (95 % interval ${one(low)} to ${one(high)}); in ${one(burden.agreed)} % of these the truth finds no mistake in it.`,
    'Each event is judged alone: cards that were overridden before, and are quiet for it, are not counted.',
    '',
  ]
}

const limits = [
  '## What this population is not',
  '',
  '- It is no clinic. Rare codes, odd statuses and bad dates are as common as usual ones, so the figures are no error rates of a practice. They find kinds of mistakes and hold them down.',
  '- Its truth is that of its authors, not of a panel: no clinician has signed `flags.yaml`. Where physicians would differ, or the chart does not tell, several answers are right and nothing is counted.',
  '- Those who wrote it know the service. It is kept away from the value sets on purpose, yet it shares the reference terminology with them: a code that is in neither is tested by neither.',
  '- Charts are short: one flag, now and then two, and a few bystanders. Contradictions within a chart, long medicine lists, several drafts at once, and free-text notes beyond a sentence are hardly here.',
  '- Every event brings its prefetch. Reading from a FHIR server, slow servers and unknown patients are tested elsewhere.',
  '- Answers are judged by what they are about, not by their words: whether a card is understood, and heeded, it cannot tell.',
  '',
]

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)]
}
