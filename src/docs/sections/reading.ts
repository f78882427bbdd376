/** How a clinician reads the pathway: its standing, and the words of the machine, each in a sentence. */
import { list, type Section, text, type Words } from '../blocks.ts'
import { anchors, cell, link } from '../markdown.ts'
import { withUnit } from '../sentence.ts'
import { ruleLink, type Telling } from '../telling.ts'
import { reviewedOf } from './rules.ts'

export function readingSection({ book, content }: Telling): Section {
  return {
    id: 'reading',
    title: 'How to read it',
    blocks: [
      text(
        'An order is drafted, or a chart is opened; the rules are asked of it. Every rule holds, does not hold, or cannot be told, because data did not come or does not say. **Cannot be told never shows a card by itself, and never counts as “no”.**',
      ),
      list([
        '**Gate.** When it holds, nothing is said about the order. When it cannot be told, either nothing is said, or only cards that warn speak.',
        '**Card.** Says something about the order. Each has a *topic*, which says what is the same for all its cards, a *priority* (the lowest number on an order gives the headline, other cards become lines on it) and an *indicator*: info, warning or critical.',
        '**Stance.** A card that argues against an order, or only offers something, *needs the whole chart*: any gate or silencer that cannot be told holds it back. A card that warns *speaks on what it sees*.',
        '**Silencer.** Shows nothing; while it holds, no card of the topics that it quiets is shown. Cards quiet topics too, and never their own.',
        '**Line.** One sentence on a card of certain topics, never a card of its own. Some lines make an offer possible.',
        '**Marker.** Noted for those who ask why, and nothing more.',
        '**With, without.** “With fever” means that a fever was found; “without fever” that it was looked for in complete data and not found. “Is known to be” means that the number is certain enough to lie on that side.',
        '**Wrong when.** So that whoever reads a card can tell when not to follow it.',
        `**Stated by.** The guideline or rule that says so, by the key of its ${link('source', '#sources')}, or one of these labels:`,
        ...Object.entries(book.table.labels).map(([label, meaning]) => `\`${label}\` ${cell(meaning)}`),
      ]),
      text(
        `Codes such as IM01 are the rows of the decision table from which this was encoded; its ${link('coverage', '#decision-table')} says what became of each. The version, now ${content.pathway.version}, travels with every card.`,
      ),
    ],
  }
}

interface Standing {
  isSigned: boolean
  /** What a reader has to know before the first rule: nobody should take a draft for a signed text. */
  facts: readonly Words[]
}

export function standingOf(telling: Telling): Standing {
  const { pathway, rules, sources } = telling.content
  const reviewed = reviewedOf(telling)
  const recalled = Object.entries(sources).filter(([, { status }]) => status === 'R')
  const unread = Object.keys(telling.book.table.labels).filter((label) => label.endsWith('?'))
  return {
    isSigned: pathway.status === 'reviewed' && reviewed === rules.length,
    facts: [
      `A clinician has reviewed **${reviewed} of ${rules.length}** rules.`,
      ...(unread.length > 0
        ? [
            `Where a rule is stated by ${unread.map((label) => `\`${label}\``).join(' or ')}, its text was not readable and its number was taken from elsewhere or recalled.`,
          ]
        : []),
      ...(recalled.length > 0
        ? [
            `${recalled.length} of ${Object.keys(sources).length} sources are recalled and were not re-read: ${recalled.map(([id]) => link(id, `#${anchors.source(id)}`)).join(', ')}.`,
          ]
        : []),
      `${pathway['open-questions'].length} ${link('questions are open', '#open-questions')}.`,
    ],
  }
}

/** What a site has chosen for itself, where it is not as written. */
export function siteChoices({ content }: Pick<Telling, 'content'>): Words[] {
  const { off, silent } = content.site.rules
  const numbers = Object.entries(content.parameters).flatMap(([name, parameter]) =>
    parameter.usually === undefined
      ? []
      : [
          `${link(cell(parameter.meaning), `#${anchors.parameter(name)}`)}: ${withUnit(parameter)}, usually ${withUnit({ ...parameter, value: parameter.usually })}.`,
        ],
  )
  return [
    ...numbers,
    ...off.map((code) => `${ruleLink({ code })} is switched off.`),
    ...silent.map((code) => `${ruleLink({ code })} is judged and logged, and never shown.`),
  ]
}
