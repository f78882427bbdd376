/** Numbers, value sets, offers, open questions, what is not encoded, and history: the rest of the pathway's page. */
import type { Content } from '../content/content.ts'
import type { Parameter } from '../content/schema.ts'
import { anchor, anchors, bulletList, capital, cell, link, page, spaced, stacked, table } from './markdown.ts'
import { type Speech, withUnit } from './sentence.ts'
import { sourceLinks } from './sources.ts'

export function numbersSection({ parameters }: Content): string {
  const rows = Object.entries(parameters).map(([name, parameter]) => [
    `${anchor(anchors.parameter(name))}**${withUnit(parameter)}**`,
    cell(parameter.meaning),
    `\`${name}\``,
    cell(parameter['stated-by']),
    sourceLinks(parameter.cites),
    boundsOf(parameter),
  ])
  return page(
    '## Numbers',
    'Every clinical number, once; rules and facts name it. A number with a range may be set within it and not beyond.',
    table(['Value', 'Meaning', 'Name', 'Stated by', 'Sources', 'Range'], rows),
  ).trimEnd()
}

const boundsOf = ({ bounds }: Parameter) => (bounds ? `${bounds['at-least']} to ${bounds['at-most']}` : '')

export function valueSetsSection({ codes }: Content): string {
  const rows = [...codes.sets].map(([set, groups]) => {
    const own = codes.rows.filter((row) => row.set === set)
    const sizes = [...groups].map(
      (group) => `${cell(group)} (${own.filter((row) => row.group === group).length})`,
    )
    return [
      `${anchor(anchors.codes(set))}${link(set, `codes/${set}.csv`)}`,
      String(own.length),
      String(own.filter(({ verified }) => verified).length),
      sizes.join(', '),
    ]
  })
  return page(
    '## Value sets',
    'Codes by file and group. What each holds, and what is left out and why, stands in [the definitions](codes/definitions.yaml), from which the files are written. A code of ICD-10-CM stands for all codes below it. Verified: by the owner of the code system, or seen with the same meaning in two public sources. SNOMED CT and LOINC come from public value sets and not from a release; a terminologist has to check them.',
    table(['File', 'Codes', 'Verified', 'Groups, with their codes'], rows),
  ).trimEnd()
}

export function offersSection({ suggestions: { suggestions } }: Content, speech: Speech): string {
  const rows = Object.entries(suggestions).map(([key, offer]) => {
    const only = offer['only-when']
    const safe = offer['safe-when']
    const recommended = offer['recommended-when']
    return [
      stacked(`**${cell(offer.label)}**`, `\`${key}\``),
      offer.actions.map(({ description }) => cell(description)).join('; '),
      stacked(
        only && speech.sentence(only),
        safe && `Safe: ${speech.sentence(safe)}`,
        offer['needs-offer'] ? 'When an offer or a line allows it.' : '',
        offer.check ? `In doubt the card asks to check: ${cell(offer.check)}.` : '',
      ),
      recommended ? speech.sentence(recommended) : '',
    ]
  })
  return page(
    '## Offers',
    'What a card offers with one click. At most three on a card, the best first, and each kind of care once in an answer. What cannot be told to be safe is not offered: the card says what to check.',
    table(['Offer', 'What a click does', 'Offered only', 'Recommended'], rows),
  ).trimEnd()
}

export function overrideSection({ overrideReasons: { reasons, families } }: Content): string {
  const rows = Object.entries(reasons).map(
    ([code, { display, because, 'guideline-supported': supported }]) => [
      cell(display),
      `\`${code}\``,
      families
        .filter((family) => family.reasons.includes(code))
        .map(({ family }) => spaced(family))
        .join(', '),
      supported ? 'yes' : 'no',
      cell(because),
    ],
  )
  return page(
    '## Reasons to keep an order',
    'What a clinician may answer instead of following a card: at most five on each, those of the family of its rule.',
    table(['Reason', 'Code', 'On cards about', 'Supported by a guideline', 'Because'], rows),
  ).trimEnd()
}

export function openQuestionsSection({ pathway }: Content): string {
  const rows = pathway['open-questions'].map(({ question, chosen, 'raised-by': by }) => [
    cell(question),
    cell(chosen),
    capital(by.map(cell).join(', ')),
  ])
  return page(
    '## Open questions',
    'Chosen so that the pathway can be run. Each stays open until a clinical owner signs it.',
    table(['Question', 'Chosen for now', 'Raised as'], rows),
  ).trimEnd()
}

export function notEncodedSection({ pathway }: Content): string {
  const rows = pathway['not-encoded'].map(({ code, what, because }) => [code, cell(what), cell(because)])
  return page(
    '## What is not encoded',
    'Rows of the decision table, and ids of its text, that are no rule here. What a rule leaves out of its own row stands under its limits.',
    table(['Row', 'What', 'Because'], rows),
  ).trimEnd()
}

export function historySection({ pathway }: Content): string {
  const versions = pathway.history.flatMap(({ version, on, impact }) => [
    `### ${version}, ${on}`,
    bulletList(impact),
  ])
  return page('## History', ...versions).trimEnd()
}
