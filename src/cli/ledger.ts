/** `npm run ledger`: reads the ledger for people: all of a time as lines of JSON, whether it is sound, what a trial run came to; and forgets a patient. */

import { resolve } from 'node:path'
import { LedgerFailure } from '../ledger/failure.ts'
import { type LedgerKeys, newLedgerKey } from '../ledger/keys.ts'
import { type OrderOutcomes, outcomesByCalls, outcomesByServers, toSign } from '../ledger/outcomes.ts'
import { exported, rehearse, verifyLedger } from '../ledger/reports.ts'
import { forgetPatient } from '../ledger/retention.ts'
import type { Sql } from '../ledger/sql.ts'
import { keysFor, ledgerFile, storeFor } from '../ledger-start.ts'
import { openContent } from '../pathway/compiled.ts'
import type { Content } from '../pathway/content.ts'
import { readConfig } from '../site/environment.ts'
import { Misunderstood, readArguments } from './arguments.ts'
import { type Print, run } from './run.ts'

// What became of orders, by the rule whose card was shown: as calls tell it, and as FHIR servers do.

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

const root = resolve(import.meta.dirname, '../..')

const usage = `npm run --silent ledger -- export [--from 2026-11-01] [--to 2026-12-01] [--comments]
                                         [--patient <id> [--server <FHIR base address>]]
                                         evaluations with their cards and feedback, a line of JSON each
npm run ledger -- verify                 whether the store holds together, and the key fits
npm run ledger -- rehearsal [--from 2026-11-01]
                                         what the first week of a trial run would have shown
npm run ledger -- outcomes [--from 2026-11-01] [--to 2026-12-01]
                                         what became of orders, by calls and by FHIR servers:
                                         signed, replaced, gone
npm run ledger -- forget --patient <id> [--server <FHIR base address>]
                                         deletes all rows of a patient
npm run --silent ledger -- key           a value for LEDGER_KEY`

export async function ledger(words: readonly string[], print: Print): Promise<void> {
  const { values, positionals } = readArguments(
    words,
    {
      from: { type: 'string' },
      to: { type: 'string' },
      patient: { type: 'string' },
      server: { type: 'string' },
      comments: { type: 'boolean', default: false },
    },
    1,
  )
  const [verb] = positionals
  if (verb === undefined) return print(usage)
  if (verb === 'key') return print(newLedgerKey())
  if (!['export', 'verify', 'rehearsal', 'outcomes', 'forget'].includes(verb))
    throw new Misunderstood(`"${verb}" is nothing that a ledger can do.\n${usage}`)
  const from = momentIn(values.from, '--from')
  await withLedger(async ({ sql, keys, content }) => {
    if (verb === 'export') {
      const span = { from: from ?? 0, to: momentIn(values.to, '--to') ?? Number.MAX_SAFE_INTEGER }
      const wanted = values.patient === undefined ? undefined : patientKeys({ sql, keys, content }, values)
      for await (const told of exported(sql, span, values.comments ? keys : undefined))
        if (!wanted || wanted.has(told.patient))
          print(JSON.stringify({ ...told, at: new Date(told.at).toISOString() }))
    } else if (verb === 'verify') await verify(sql, keys, print)
    else if (verb === 'outcomes') await outcomes(sql, from, momentIn(values.to, '--to'), print)
    else if (verb === 'rehearsal') await rehearsal(sql, from, print)
    else await forget({ sql, keys, content }, values, print)
  })
}

interface Opened {
  sql: Sql
  keys: LedgerKeys
  content: Content
}

/** The ledger that the service of this folder and environment keeps. */
export async function withLedger(work: (opened: Opened) => Promise<void>): Promise<void> {
  const config = readConfig()
  const { content } = await openContent(root, config.siteFile)
  const log = { info: () => undefined, warn: () => undefined }
  const sql = storeFor(config, root, log)
  try {
    await work({ sql, keys: keysFor(config, root), content })
  } catch (error) {
    if (!(error instanceof LedgerFailure)) throw error
    const place = config.databaseUrl === undefined ? ledgerFile(config, root) : 'the database of DATABASE_URL'
    throw new Misunderstood(`The ledger in ${place} cannot be asked: ${error.message} (${error.code})`)
  } finally {
    await sql.close()
  }
}

async function verify(sql: Sql, keys: LedgerKeys, print: Print): Promise<void> {
  const { counts, problems } = await verifyLedger(sql, keys)
  print(
    Object.entries(counts)
      .map(([what, count]) => `${count} ${what}`)
      .join(', '),
  )
  if (problems.length > 0) throw new Misunderstood(problems.join('\n'))
  print('The ledger holds together, and the key fits.')
}

async function rehearsal(sql: Sql, from: number | undefined, print: Print): Promise<void> {
  const week = await rehearse(sql, from)
  if (!week) return print('Nothing was held back by a trial run: see `silent` and `rules` in site.yaml.')
  const { orders, clinicians, rules, byClinician } = week
  const day = (at: number) => new Date(at).toISOString().slice(0, 10)
  const per100 = (cards: number) => (orders === 0 ? '-' : ((100 * cards) / orders).toFixed(1))
  const all = rules.reduce((sum, { cards }) => sum + cards, 0)
  const lines = rules.map(({ rule, indicator, cards }) =>
    [rule.padEnd(8), indicator.padEnd(10), String(cards).padStart(6), per100(cards).padStart(18)].join(''),
  )
  const middle = byClinician[Math.floor((byClinician.length - 1) / 2)] ?? 0
  print(
    [
      `${day(week.from)} to ${day(week.to)}: ${orders} orders by ${clinicians} clinicians.`,
      'Not shown, because of the trial run; each card counts once for a patient, finding and order.',
      '',
      'rule    indicator    cards    per 100 orders',
      ...lines,
      ['all'.padEnd(18), String(all).padStart(6), per100(all).padStart(18)].join(''),
      '',
      `Of ${clinicians} clinicians ${byClinician.length} would have been shown one: ${middle} in the middle, ${byClinician.at(-1) ?? 0} at most.`,
    ].join('\n'),
  )
}

async function outcomes(sql: Sql, from: number | undefined, to: number | undefined, print: Print) {
  // What was selected within the last day may still be signed.
  const span = { from: from ?? 0, to: Math.min(to ?? Number.MAX_SAFE_INTEGER, Date.now() - toSign) }
  const [byCalls, byServers] = [await outcomesByCalls(sql, span), await outcomesByServers(sql, span)]
  print(orderOutcomeLines(span.to, byCalls, byServers).join('\n'))
}

interface Whom {
  patient?: string | undefined
  server?: string | undefined
}

/** The keys under which a patient may stand: at the server given, or at each that site.yaml knows. */
function patientKeys({ keys, content }: Opened, { patient, server }: Whom): ReadonlySet<string> {
  if (!patient) throw new Misunderstood('Which patient? Give `--patient` and the id as the EHR sends it.')
  const issuers = content.site.callers?.issuers ?? []
  const known = [...issuers.flatMap((each) => [each.iss, ...each['fhir-servers']]), '']
  const places = new Set((server === undefined ? known : [server]).map(placeOf))
  const id = patient.replace(/^.*Patient\//, '')
  return new Set([...places].map((place) => keys.keyOf('patient', place, id)))
}

async function forget(opened: Opened, whom: Whom, print: Print): Promise<void> {
  let rows = 0
  for (const key of patientKeys(opened, whom)) {
    const gone = await forgetPatient(opened.sql, key)
    rows += Object.values(gone).reduce((sum, each) => sum + each, 0)
  }
  print(`${rows} rows are gone. Copies of the ledger still hold them.`)
}

/** As the ledger spells the address of a server; an issuer need not be an address. */
const placeOf = (text: string) => URL.parse(text)?.href.replace(/\/$/, '') ?? text

function momentIn(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined
  const at = Date.parse(text)
  if (Number.isNaN(at)) throw new Misunderstood(`${option} is a day such as 2026-11-21.`)
  return at
}

if (import.meta.main) await run(ledger)
