/** What the ledger tells of the cards: fired, accepted, overridden and why, what became of orders, how long it took. */
import { type Html, html } from '../pages/html.ts'
import { runBlock } from './blocks.ts'
import { notesOf } from './cycles.ts'
import { dashboardFrame, type Framed, figures, per100, table, whole } from './frame.ts'
import type { CardFigures, CardGroup, NetChange } from './from-ledger.ts'
import { cardTiles } from './front-page.ts'
import type { CycleNote } from './series.ts'

export interface CardsPage extends Framed {
  cards: CardFigures
  notes: readonly CycleNote[]
  titles: Readonly<Record<string, string>>
}

const share = (part: number, of: number) => (of === 0 ? '–' : `${per100(part, of)} %`)

export function cardsPage(page: CardsPage): string {
  const { cards, notes, titles } = page
  const { months, groups } = cards
  const series = (part: (group: CardGroup) => number, of: (group: CardGroup) => number) => ({
    months: months.map((each) => ({
      month: each.value,
      part: part(each),
      of: of(each),
      share: each.hidden || of(each) === 0 ? undefined : part(each) / of(each),
    })),
    notes: notesOf(notes, 'cards'),
    direction: 'neither' as const,
  })
  return dashboardFrame(
    'Cards',
    page,
    html`<p>From the ledger, the last twelve months and this one: calls in a trial run are left out. Of 1 to 10 people nothing is shown (–),
nor what they could be worked out from.</p>
${figures(cardTiles(cards))}
${cards.notChecked > 10 ? html`<p>${whole(cards.notChecked)} cards said that the chart could not be checked, because data did not come.</p>` : undefined}
<h2 id="months">By month</h2>
<h3>Overridden, of cards that were shown</h3>
${
  runBlock(
    'Cards overridden, of those shown',
    series(
      ({ overridden }) => overridden,
      ({ shown }) => shown,
    ),
  ) ?? tooFew
}
<h3>Calls with a card</h3>
${
  runBlock(
    'Calls with a card',
    series(
      ({ fired }) => fired,
      ({ calls }) => calls,
    ),
  ) ?? tooFew
}
${table(
  'How long an answer took, by month',
  [
    { name: 'Month' },
    { name: 'Calls', figure: true },
    { name: 'Half within, ms', figure: true },
    { name: '95 of 100 within, ms', figure: true },
  ],
  months.map(({ value, calls, hidden, p50, p95 }) => [
    value,
    hidden ? '–' : whole(calls),
    hidden ? '–' : String(p50 ?? '–'),
    hidden ? '–' : String(p95 ?? '–'),
  ]),
)}
<h2 id="rules">By rule</h2>
${table(
  'Cards by the rule that heads them',
  [
    { name: 'Rule' },
    { name: 'Says' },
    { name: 'Shown', figure: true },
    { name: 'Accepted', figure: true },
    { name: 'Overridden', figure: true },
    { name: 'No answer', figure: true },
  ],
  cards.rules.map(({ value, shown, accepted, overridden, hidden }) =>
    hidden
      ? [value, titles[value] ?? '', '–', '–', '–', '–']
      : [
          value,
          titles[value] ?? '',
          whole(shown),
          share(accepted, shown),
          share(overridden, shown),
          share(shown - accepted - overridden, shown),
        ],
  ),
)}
<h2 id="reasons">Why cards were overridden</h2>
${table(
  'Reasons, by class',
  [{ name: 'Class' }, { name: 'Reason' }, { name: 'Cards', figure: true }],
  cards.reasons.map((each) => [each.class, each.value, each.hidden ? '–' : whole(each.overridden)]),
)}
<h2 id="orders">What became of orders</h2>
<p>Signed within 24 hours, replaced by another of the same kind, or gone. Compare with orders without a card, which clinicians let go, too.
Where nobody can tell it is unknown, and left out of the share.</p>
${netTable('As calls tell it: orders that were selected, and then signed', cards.net.calls)}
${cards.net.servers.length > 0 ? netTable('As FHIR servers answered a day later', cards.net.servers) : undefined}
<h2 id="groups">By group</h2>
<p>Is everybody told the same? The gap is in percentage points to the group with the fewest overridden cards.</p>
${Object.entries(groups).map(([name, list]) => groupTable(name, list))}`,
  )
}

const netTable = (caption: string, list: readonly NetChange[]) =>
  table(
    caption,
    [
      { name: 'Card' },
      { name: 'Orders', figure: true },
      { name: 'Signed', figure: true },
      { name: 'Replaced', figure: true },
      { name: 'Gone', figure: true },
      { name: 'Unknown', figure: true },
      { name: 'Net change', figure: true },
    ],
    list.map(({ rule = 'no card', drafted, signed, replaced, gone, unknown, hidden }) =>
      hidden
        ? [rule, '–', '–', '–', '–', '–', '–']
        : [
            rule,
            ...[drafted, signed, replaced, gone, unknown].map(whole),
            share(replaced + gone, drafted - unknown),
          ],
    ),
  )

const tooFew = html`<p class="quiet">Fewer than two months.</p>`

function groupTable(name: string, list: readonly CardGroup[]): Html {
  const rate = ({ overridden, shown }: CardGroup) => (shown === 0 ? undefined : overridden / shown)
  const rates = list.flatMap((each) => (each.hidden || each.value === 'unknown' ? [] : (rate(each) ?? [])))
  const best = rates.length > 1 ? Math.min(...rates) : undefined
  return table(
    `Cards by ${name}`,
    [
      { name: name },
      { name: 'Calls', figure: true },
      { name: 'With a card', figure: true },
      { name: 'Accepted', figure: true },
      { name: 'Overridden', figure: true },
      { name: 'Gap', figure: true },
    ],
    list.map((each) => {
      const own = rate(each)
      if (each.hidden) return [each.value, '–', '–', '–', '–', '–']
      const gap =
        own === undefined || best === undefined || each.value === 'unknown'
          ? ''
          : own === best
            ? 'lowest'
            : `${((own - best) * 100).toFixed(1)} points`
      return [
        each.value,
        whole(each.calls),
        share(each.fired, each.calls),
        share(each.accepted, each.shown),
        share(each.overridden, each.shown),
        gap,
      ]
    }),
  )
}
