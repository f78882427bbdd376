/** How a clinician reads the page: the words of the machine, each in a sentence. */
import type { Content } from '../content/content.ts'
import { bulletList, page } from './markdown.ts'

export function howToRead(
  { pathway }: Pick<Content, 'pathway'>,
  labels: Readonly<Record<string, string>>,
): string {
  return page(
    '## How to read this page',
    'An order is drafted, or a chart is opened; the rules below are asked of it. Every rule holds, does not hold, or cannot be told, because data did not come or does not say. **Cannot be told never shows a card by itself, and never counts as “no”.**',
    bulletList([
      '**Gate.** When it holds, nothing is said about the order. When it cannot be told, either nothing is said, or only cards that warn speak.',
      '**Card.** Says something about the order. Each has a *topic*, a *priority* (the lowest number on an order gives the headline, other cards become lines on it) and an *indicator*: info, warning or critical.',
      '**Stance.** A card that argues against an order, or only offers something, *needs the whole chart*: any gate or silencer that cannot be told holds it back. A card that warns *speaks on what it sees*.',
      '**Silencer.** Shows nothing; while it holds, no card of the topics that it quiets is shown. Cards quiet topics too, and never their own.',
      '**Line.** One sentence on a card of certain topics, never a card of its own. Some lines make an offer possible.',
      '**Marker.** Noted for those who ask why, and nothing more.',
      '**With, without.** “With fever” means that a fever was found; “without fever” that it was looked for in complete data and not found. “Is known to be” means that the number is certain enough to lie on that side.',
      '**Wrong when.** Printed on the card, so that whoever reads it can tell when not to follow it.',
      '**Stated by.** The guideline or rule that says so, by the key of its [source](#sources), or one of these labels:',
    ]),
    bulletList(
      Object.entries(labels).map(([label, meaning]) => `\`${label}\` ${meaning}`),
      '  ',
    ),
    `Codes such as IM01 are the rows of the decision table from which this was encoded; [coverage.md](coverage.md) says what became of each. The version, now ${pathway.version}, travels with every card.`,
  ).trimEnd()
}
