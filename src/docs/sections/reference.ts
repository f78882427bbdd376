/** Offers, reasons to keep an order, numbers, value sets, and sources. */
import type { Parameter, Source } from '../../pathway/schema.ts'
import { type Section, text, type Words } from '../blocks.ts'
import { anchors, cell, link, spaced } from '../markdown.ts'
import { withUnit } from '../sentence.ts'
import { sourceLinks, sourceStatus, type Telling } from '../telling.ts'

export function offersSection({ content, speech }: Telling): Section {
  const { suggestions, overrideReasons } = content
  const offers = Object.values(suggestions.suggestions).map((offer) => {
    const { 'only-when': only, 'safe-when': safe, 'recommended-when': recommended } = offer
    const limits = [
      only && speech.sentence(only),
      safe && `Safe: ${speech.sentence(safe)}`,
      offer['needs-offer'] && 'When an offer or a line allows it.',
      offer.check && `In doubt the card asks to check: ${cell(offer.check)}.`,
    ]
    return {
      cells: [
        `**${cell(offer.label)}**`,
        offer.actions.map(({ description }) => cell(description)).join('; '),
        limits.filter(Boolean).join(' '),
        recommended ? speech.sentence(recommended) : '',
      ],
    }
  })
  const reasons = Object.entries(overrideReasons.reasons).map(
    ([code, { display, because, 'guideline-supported': supported }]) => ({
      cells: [
        `**${cell(display)}**`,
        `\`${code}\``,
        overrideReasons.families
          .filter((family) => family.reasons.includes(code))
          .map(({ family }) => spaced(family))
          .join(', '),
        supported ? 'yes' : 'no',
        cell(because),
      ],
    }),
  )
  return {
    id: 'offers',
    title: 'Offers, and reasons to keep an order',
    blocks: [
      text(
        'What a card offers with one click: at most three on a card, the best first, and each kind of care once in an answer. What cannot be told to be safe is not offered: the card says what to check. Instead of following a card a clinician may answer with a reason: at most five on each, those of the family of its rule.',
      ),
      {
        kind: 'table',
        caption: 'Offers',
        head: ['Offer', 'What a click does', 'Offered only', 'Recommended'],
        rows: offers,
      },
      {
        kind: 'table',
        caption: 'Reasons to keep an order',
        head: ['Reason', 'Code', 'On cards about', 'Supported by a guideline', 'Because'],
        rows: reasons,
      },
    ],
  }
}

export function numbersSection({ content: { parameters } }: Telling): Section {
  const rows = Object.entries(parameters).map(([name, parameter]) => ({
    id: anchors.parameter(name),
    cells: [
      `**${withUnit(parameter)}**${
        parameter.usually === undefined
          ? ''
          : ` *set by this site, usually ${withUnit({ ...parameter, value: parameter.usually })}*`
      }`,
      `${cell(parameter.meaning)} \`${name}\``,
      cell(parameter['stated-by']),
      sourceLinks(parameter.cites),
      boundsOf(parameter),
    ],
  }))
  return {
    id: 'numbers',
    title: 'Numbers',
    blocks: [
      text(
        'Every clinical number, once; rules and questions name it. A number with a range may be set by a site within it and not beyond; the others are fixed.',
      ),
      {
        kind: 'table',
        caption: 'Clinical numbers with their sources',
        head: ['Value', 'Meaning', 'Stated by', 'Sources', 'Range for a site'],
        rows,
      },
    ],
  }
}

const boundsOf = ({ bounds }: Parameter) =>
  bounds ? `${bounds['at-least']} to ${bounds['at-most']}` : 'fixed'

export function valueSetsSection({ content: { codes } }: Telling): Section {
  const rows = [...codes.sets].map(([set, groups]) => {
    const own = codes.rows.filter((row) => row.set === set)
    const sizes = [...groups].map(
      (group) => `${cell(group)} (${own.filter((row) => row.group === group).length})`,
    )
    return {
      id: anchors.codes(set),
      cells: [
        link(`**${set}**`, `codes/${set}.csv`),
        String(own.length),
        String(own.filter(({ verified }) => verified).length),
        sizes.join(', '),
      ],
    }
  })
  return {
    id: 'value-sets',
    title: 'Value sets',
    blocks: [
      text(
        `Codes by file and group. What each holds, and what is left out and why, stands in ${link('the definitions', 'codes/definitions.yaml')}, from which the files are written. A code of ICD-10-CM stands for all codes below it. Verified: by the owner of the code system, or seen with the same meaning in two public sources. SNOMED CT and LOINC come from public value sets and not from a release; a terminologist has to check them.`,
      ),
      {
        kind: 'table',
        caption: 'Value sets',
        head: ['File', 'Codes', 'Verified', 'Groups, with their codes'],
        rows,
      },
    ],
  }
}

export function sourcesSection({ content }: Telling): Section {
  const rows = Object.entries(content.sources).map(([id, source]) => ({
    id: anchors.source(id),
    cells: [
      `**${id}**${source.bibliography === undefined ? '' : ` ${source.bibliography}`}`,
      cell(source.title),
      cell(source.year),
      `${source.status}: ${sourceStatus[source.status]}`,
      addressOf(source),
    ],
  }))
  return {
    id: 'sources',
    title: 'Sources',
    blocks: [
      text(
        'V: we read the text or a faithful excerpt. P: only part of it was readable. R: recalled and not re-read; to be checked before a clinician signs.',
      ),
      { kind: 'table', caption: 'Sources', head: ['Name', 'Source', 'Year', 'Status', 'Address'], rows },
    ],
  }
}

const addressOf = ({ url, 'url-recalled': recalled }: Source): Words =>
  url === undefined ? '' : `${link(cell(url), url)}${recalled ? ' (recalled, not opened)' : ''}`
