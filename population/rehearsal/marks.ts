/** The marks of a reviewer read back: how often the cards of each rule were wrong, and what that comes to over all orders. */
import papaparse from 'papaparse'
import { Misunderstood } from '../../src/cli/arguments.ts'
import { html } from '../../src/pages/html.ts'
import { figures, frame, per100, table, whole } from '../../src/quality/frame.ts'
import { wilson } from '../../src/quality/results.ts'

const marks = ['right', 'wrong', 'cannot tell'] as const
type Mark = (typeof marks)[number]

interface MarkedCase {
  rule: string
  order: string
  /** Undefined for a case that nobody marked. */
  mark: Mark | undefined
  why: string
}

interface RuleMarks {
  rule: string
  /** Orders of the rehearsal that this rule heads; undefined for a rule that it does not know. */
  orders: number | undefined
  right: number
  wrong: number
  cannotTell: number
  unmarked: number
  whys: readonly { order: string; why: string }[]
}

interface Marked {
  rules: readonly RuleMarks[]
  /** Of all orders with a card of a rule that was judged: each rule's share of wrong cards, by how often it speaks. */
  overall: { orders: number; wrong: number } | undefined
}

/** A file as the page of cases saves it. Throws Misunderstood with the line that is none. */
export function readMarks(text: string): readonly MarkedCase[] {
  const { data, errors } = papaparse.parse<Record<string, string>>(text, {
    header: true,
    skipEmptyLines: true,
  })
  const [first] = errors
  if (first) throw new Misunderstood(`The marks, line ${(first.row ?? 0) + 2}: ${first.message}.`)
  const seen = new Set<string>()
  return data.map(({ rule = '', order = '', mark = '', why = '' }, at) => {
    const known = marks.find((each) => each === mark)
    const key = `${rule} ${order}`
    const wrong = (what: string) => new Misunderstood(`The marks, line ${at + 2}: ${what}.`)
    if (rule === '' || order === '') throw wrong('a case has a rule and an order')
    if (mark !== '' && !known)
      throw wrong(`a mark is right, wrong or cannot tell, and nothing for a case that nobody judged`)
    if (seen.has(key)) throw wrong('this case stands there twice: give the marks of one reviewer')
    seen.add(key)
    return { rule, order, mark: known, why }
  })
}

/** `spoken`: orders by the rule that heads them, of the whole rehearsal. */
export function marked(cases: readonly MarkedCase[], spoken: ReadonlyMap<string, number>): Marked {
  const rules = [...Map.groupBy(cases, ({ rule }) => rule)].sort().map(([rule, list]): RuleMarks => {
    const count = (mark: Mark | undefined) => list.filter((each) => each.mark === mark).length
    return {
      rule,
      orders: spoken.get(rule),
      right: count('right'),
      wrong: count('wrong'),
      cannotTell: count('cannot tell'),
      unmarked: count(undefined),
      whys: list.flatMap(({ order, mark, why }) => (mark === 'wrong' && why !== '' ? [{ order, why }] : [])),
    }
  })
  const judged = rules.filter(({ orders, right, wrong }) => orders !== undefined && right + wrong > 0)
  if (judged.length === 0) return { rules, overall: undefined }
  const orders = judged.reduce((sum, { orders: own = 0 }) => sum + own, 0)
  const wrong = judged.reduce(
    (sum, { orders: own = 0, right, wrong: bad }) => sum + (own * bad) / (right + bad),
    0,
  )
  return { rules, overall: { orders, wrong } }
}

export function marksPage({ rules, overall }: Marked): string {
  const judged = rules.reduce((sum, { right, wrong }) => sum + right + wrong, 0)
  const unmarked = rules.reduce((sum, each) => sum + each.unmarked, 0)
  return frame(
    'Rehearsal: what a reviewer found',
    html`<p>${whole(judged)} cases were judged right or wrong. Those that nobody could tell, and ${whole(unmarked)} that nobody marked, are left out
of the shares.</p>
${
  overall
    ? figures([
        {
          value: `${per100(overall.wrong, overall.orders)} %`,
          words: `of ${whole(overall.orders)} orders with a card of these rules would get a wrong one`,
        },
      ])
    : undefined
}
${table(
  'Wrong cards, by the rule that heads them',
  [
    { name: 'Rule' },
    { name: 'Orders', figure: true },
    { name: 'Right', figure: true },
    { name: 'Wrong', figure: true },
    { name: 'Cannot tell', figure: true },
    { name: 'Not marked', figure: true },
    { name: 'Wrong, of 100', figure: true },
    { name: '95 % interval', figure: true },
  ],
  rules.map(({ rule, orders, right, wrong, cannotTell, unmarked: open }) => {
    const { low, high } = wilson(wrong, right + wrong)
    const isTold = right + wrong > 0
    return [
      rule,
      orders === undefined ? 'not in this rehearsal' : whole(orders),
      ...[right, wrong, cannotTell, open].map(whole),
      per100(wrong, right + wrong),
      isTold ? `${(low * 100).toFixed(0)} to ${(high * 100).toFixed(0)}` : '–',
    ]
  }),
)}
<p class="quiet">Twenty cases a rule at most: none wrong of twenty still allows for up to 16 of 100. The share of all orders weighs each rule by how
often it speaks.</p>
<h2>Why they were wrong</h2>
${rules.map(({ rule, whys }) => (whys.length === 0 ? undefined : html`<h3>${rule}</h3><ul>${whys.map(({ order, why }) => html`<li>${why} <span class="quiet">(${order})</span></li>`)}</ul>`))}
${rules.every(({ whys }) => whys.length === 0) ? html`<p>Nobody wrote down why.</p>` : undefined}`,
  )
}
