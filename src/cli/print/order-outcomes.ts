/** What became of orders, by the rule whose card was shown: as calls tell it, and as FHIR servers do. */
import type { OrderOutcomes } from '../../ledger/outcomes.ts'

/** `settled` is the moment before which orders count, in ms since 1970. */
export function orderOutcomeLines(
  settled: number,
  byCalls: readonly OrderOutcomes[],
  byServers: readonly OrderOutcomes[],
): string[] {
  if (byCalls.length + byServers.length === 0)
    return ['No order was drafted in that time, and more than a day ago.']
  const until = new Date(settled).toISOString().slice(0, 16)
  return [
    `Orders drafted before ${until}, and what became of them within 24 hours.`,
    ...section(
      'By calls: selected, and then signed or not.',
      byCalls,
      'Unknown: this caller was never heard at signing.',
    ),
    ...section(
      'By FHIR servers: what they held a day later.',
      byServers,
      'Unknown: the server did not answer in time, or not of all that might be the order.',
    ),
    '',
    'Orders without a card are let go, too: compare with them.',
  ]
}

function section(title: string, rows: readonly OrderOutcomes[], unknown: string): string[] {
  if (rows.length === 0) return []
  return ['', title, '', heading, ...rows.map(line), '', unknown]
}

const heading = 'card      orders  signed  replaced    gone  unknown   net change'

function line({ rule = 'no card', drafted, signed, replaced, gone, unknown }: OrderOutcomes): string {
  return [
    rule.padEnd(8),
    String(drafted).padStart(8),
    String(signed).padStart(8),
    String(replaced).padStart(10),
    String(gone).padStart(8),
    String(unknown).padStart(9),
    share(replaced + gone, drafted - unknown).padStart(13),
  ].join('')
}

const share = (part: number, all: number) => (all === 0 ? '-' : `${((100 * part) / all).toFixed(0)} %`)
