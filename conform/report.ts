/** The result as a table for people and as JSON for programs. Tokens are shown in neither. */
import pc from 'picocolors'
import { brokenMusts, type Finding, type Row, type Verdict, verdicts } from './findings.ts'
import type { Exchange } from './http.ts'
import type { Conformance } from './run.ts'

/** Characters of a body that are shown; findings of one requirement that are told. */
const mostBody = 300
const mostFindings = 3

const paint: Readonly<Record<Verdict, (text: string) => string>> = {
  pass: pc.green,
  fail: pc.red,
  'cannot tell': pc.yellow,
}

export function tableOf({ services, rows }: Conformance): string {
  const width = Math.max(...rows.map(({ id }) => id.length))
  const lines = rows.flatMap((row) => [
    [row.id.padEnd(width), row.level.padEnd(6), paint[row.verdict](row.verdict.padEnd(11)), row.asks].join(
      '  ',
    ),
    ...row.findings
      .slice(0, row.verdict === 'fail' ? mostFindings : 1)
      .flatMap((finding) => told(finding, row.verdict === 'fail')),
    ...(row.findings.length > mostFindings && row.verdict === 'fail'
      ? [`      … and ${row.findings.length - mostFindings} more`]
      : []),
  ])
  return [
    `${services.length} services: ${services.join(', ') || 'none'}`,
    '',
    ...lines,
    '',
    summaryOf(rows),
  ].join('\n')
}

function told({ says, exchange }: Finding, whole: boolean): string[] {
  const line = `      ${says}${exchange ? pc.dim(`  (${inShort(exchange)})`) : ''}`
  if (!whole || !exchange) return [line]
  const { sent, received } = exchange
  return [
    line,
    ...(sent.body === '' ? [] : [pc.dim(`      sent      ${shortened(sent.body)}`)]),
    ...(received && received.text !== '' ? [pc.dim(`      received  ${shortened(received.text)}`)] : []),
  ]
}

const inShort = ({ sent, received, problem, ms }: Exchange) =>
  `${sent.method} ${new URL(sent.url).pathname}, ${sizeOf(sent.body)} → ${
    received ? `${received.status}, ${sizeOf(received.text)}, ${ms.toFixed(0)} ms` : problem
  }`

const sizeOf = (text: string) => {
  const bytes = Buffer.byteLength(text)
  return bytes < 2000 ? `${bytes} bytes` : `${(bytes / 1000).toFixed(0)} kB`
}

function shortened(text: string): string {
  const line = text.slice(0, mostBody * 2).replace(/\s+/g, ' ')
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

export function jsonOf({ services, rows }: Conformance): string {
  const results = rows.map(({ id, level, asks, verdict, findings }) => ({
    ...{ id, level, asks, verdict },
    findings: findings.map(({ says, exchange }) => ({
      says,
      ...(exchange ? { sent: sentOf(exchange), received: receivedOf(exchange) } : {}),
    })),
  }))
  return JSON.stringify({ services, results }, null, 2)
}

function sentOf({ sent: { method, url, headers, body } }: Exchange): object {
  const { authorization, ...others } = headers
  const shown = authorization === undefined ? others : { ...others, authorization: 'Bearer …' }
  return { method, url, headers: shown, body: shortened(body) }
}

const receivedOf = ({ received, problem, ms }: Exchange): object =>
  received
    ? {
        status: received.status,
        headers: received.headers,
        body: shortened(received.text),
        ms: Math.round(ms),
      }
    : { problem, ms: Math.round(ms) }
