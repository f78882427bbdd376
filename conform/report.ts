/** The result as a table for people and as JSON for programs. Tokens are shown in neither. */
import pc from 'picocolors'
import {
  brokenMusts,
  type Excerpt,
  type Finding,
  type Part,
  type Row,
  type Verdict,
  verdicts,
} from './findings.ts'
import type { Conformance } from './run.ts'
import { plain } from './shown.ts'

/** Characters of a body that are shown; findings of one requirement that are told. */
const mostBody = 300
const mostFindings = 3

const paint: Readonly<Record<Verdict, (text: string) => string>> = {
  pass: pc.green,
  fail: pc.red,
  'cannot tell': pc.yellow,
}

export function tableOf({ services, others, rows }: Conformance): string {
  const width = Math.max(...rows.map(({ id }) => id.length))
  const lines = rows.flatMap((row) => [
    [row.id.padEnd(width), row.level.padEnd(6), paint[row.verdict](row.verdict.padEnd(11)), row.asks].join(
      '  ',
    ),
    ...row.findings
      .slice(0, row.verdict === 'fail' ? mostFindings : 1)
      .flatMap((finding) => told(finding, row.verdict === 'fail')),
    ...(row.seen > mostFindings && row.verdict === 'fail'
      ? [`      … and ${row.seen - mostFindings} more`]
      : []),
  ])
  return [
    `${services.length} services: ${services.map(plain).join(', ') || 'none'}`,
    ...(others > 0 ? [`and ${others} more, which were not called`] : []),
    '',
    ...lines,
    '',
    summaryOf(rows),
  ].join('\n')
}

function told({ says, exchange }: Finding, whole: boolean): string[] {
  const line = `      ${plain(says)}${exchange ? pc.dim(`  (${inShort(exchange)})`) : ''}`
  if (!whole || !exchange) return [line]
  const { body, received } = exchange
  return [
    line,
    ...(body.text === '' ? [] : [pc.dim(`      sent      ${shortened(body)}`)]),
    ...(received && received.body.text !== '' ? [pc.dim(`      received  ${shortened(received.body)}`)] : []),
  ]
}

const inShort = ({ method, url, body, received, problem, ms }: Excerpt) =>
  `${method} ${new URL(url).pathname}, ${sizeOf(body)} → ${
    received ? `${received.status}, ${sizeOf(received.body)}, ${ms.toFixed(0)} ms` : plain(problem ?? '')
  }`

const sizeOf = ({ bytes }: Part) => (bytes < 2000 ? `${bytes} bytes` : `${(bytes / 1000).toFixed(0)} kB`)

function shortened({ text }: Part): string {
  const line = plain(text).replace(/\s+/g, ' ')
  return line.length > mostBody ? `${line.slice(0, mostBody)}…` : line
}

function summaryOf(rows: readonly Row[]): string {
  const counts = verdicts.map(
    (verdict) => `${rows.filter((row) => row.verdict === verdict).length} ${verdict}`,
  )
  const broken = brokenMusts(rows)
  const musts =
    broken.length === 0 ? 'No MUST is broken.' : `MUST is broken: ${broken.map(({ id }) => id).join(', ')}.`
  return `${counts.join(', ')}. ${musts}`
}

export function jsonOf({ services, others, rows }: Conformance): string {
  const results = rows.map(({ id, level, asks, verdict, findings, seen }) => ({
    ...{ id, level, asks, verdict, seen },
    findings: findings.map(({ says, exchange }) => ({
      says,
      ...(exchange ? { sent: sentOf(exchange), received: receivedOf(exchange) } : {}),
    })),
  }))
  return JSON.stringify({ services, ...(others > 0 ? { notCalled: others } : {}), results }, null, 2)
}

function sentOf({ method, url, headers, body }: Excerpt): object {
  const { authorization, ...others } = headers
  const shown = authorization === undefined ? others : { ...others, authorization: 'Bearer …' }
  return { method, url, headers: shown, body: shortened(body) }
}

const receivedOf = ({ received, problem, ms }: Excerpt): object =>
  received
    ? {
        status: received.status,
        headers: received.headers,
        body: shortened(received.body),
        ms: Math.round(ms),
      }
    : { problem, ms: Math.round(ms) }
