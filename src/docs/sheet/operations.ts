/** Limits and times, what a refusal means, and what operators can see. */

import { failures } from '../../errors.ts'
import { loggedFields } from '../../http/log.ts'
import { figures } from '../../metrics.ts'
import type { Content } from '../../pathway/content.ts'
import { cell, table } from '../markdown.ts'

export function limits({ site }: Content): string[] {
  const { limits: set, fhir } = site
  const none = (value: number, text: string) => (value === 0 ? 'none' : text)
  const rows = [
    ['Body of a call', `${set['body-bytes']} bytes`],
    ['Calls of one caller', none(set['calls-per-minute'], `${set['calls-per-minute']} in a minute`)],
    [
      'Drafted orders that are judged',
      `${set['drafts-judged']} of one call; a card says where there are more`,
    ],
    ['Reading from the FHIR server, all reads of a call', `${fhir['deadline-ms']} ms`],
    ['Arrival of a request', `head ${set['headers-ms']} ms, whole ${set['request-ms']} ms`],
    ['Silence in the middle of a request', `${set['idle-ms']} ms`],
    ['Connections kept open between calls', `${set['keep-alive-ms']} ms`],
    ['Time-out to set in the EHR', 'at least 1000 ms; answers are meant to take less than 500 ms'],
  ]
  return ['## Limits and times', table(['what', 'limit'], rows)]
}

export function refusals(): string[] {
  const rows = Object.entries(failures).map(([code, { status, issue }]) => [
    `\`${code}\``,
    String(status),
    issue,
  ])
  return [
    '## Refusals',
    'Every refusal but 401 is an OperationOutcome whose `issue.details` has one of these codes, and a sentence that says what to mend. After 429 and 503 `Retry-After` says when to come again.',
    table(['code', 'status', 'issue type'], rows),
  ]
}

export function figuresAndLog(): string[] {
  const metrics = Object.values(figures).map(({ name, labelNames, help }) => [
    `\`${name}\``,
    labelNames.join(', '),
    cell(help),
  ])
  const fields = Object.entries(loggedFields).map(([field, says]) => [`\`${field}\``, cell(says)])
  return [
    '## Log',
    'One line of JSON a call. No other field is ever written: no name, no id of a patient or an order, no free text, no token.',
    table(['field', 'what it says'], fields),
    '## Metrics',
    'For Prometheus, beside the usual ones of the process. No label holds anything of a patient.',
    table(['name', 'labels', 'what it counts'], metrics),
  ]
}
