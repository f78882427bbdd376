/** What holds of every `coverage-information`, restated from the invariants of CRD 2.0.1 and 2.2.1 by their names. */

import type { Extension } from 'fhir/r4.js'
import type { CrdVersion } from '../../src/site/coverage.ts'
import { valuesOf } from './support.ts'

const codes: Readonly<Record<CrdVersion, Readonly<Record<string, readonly string[]>>>> = {
  '2.0.1': {
    covered: ['not-covered', 'covered', 'conditional'],
    'pa-needed': ['no-auth', 'auth-needed', 'satisfied', 'performpa', 'conditional'],
    'doc-needed': ['clinical', 'admin', 'both', 'conditional'],
    'doc-purpose': ['withpa', 'withclaim', 'withorder', 'retain-doc', 'OTH'],
    'info-needed': ['performer', 'location', 'timeframe', 'contract-window', 'OTH'],
  },
  '2.2.1': {
    covered: ['not-covered', 'covered', 'conditional', 'indeterminate'],
    'pa-needed': ['no-auth', 'auth-needed', 'satisfied', 'performpa', 'conditional', 'indeterminate'],
    'doc-needed': ['clinical', 'admin', 'patient', 'conditional', 'indeterminate'],
    'doc-purpose': ['withpa', 'withclaim', 'withorder', 'retain-doc', 'OTH'],
    'info-needed': ['performer', 'location', 'timeframe', 'contract-window', 'detail-code', 'OTH'],
  },
}

const cardinality: Readonly<Record<string, readonly [least: number, most: number]>> = {
  coverage: [1, 1],
  covered: [1, 1],
  'pa-needed': [0, 1],
  date: [1, 1],
  'coverage-assertion-id': [1, 1],
  'satisfied-pa-id': [0, 1],
  'expiry-date': [0, 1],
}
const others = [
  'doc-needed',
  'doc-purpose',
  'info-needed',
  'billingCode',
  'reason',
  'detail',
  'questionnaire',
]

/** Names of what does not hold. */
export function broken(extension: Extension, version: CrdVersion): string[] {
  const parts = (url: string) => valuesOf(extension, url)
  const has = (url: string, value?: string) =>
    value === undefined ? parts(url).length > 0 : parts(url).includes(value)
  const decided = ['covered', 'pa-needed', 'doc-needed']
  const some = (value: string) => decided.some((url) => has(url, value))
  const wrong: string[] = []
  const hold = (name: string, holds: boolean) => {
    if (!holds) wrong.push(name)
  }
  for (const { url } of extension.extension ?? [])
    hold(`knows ${url}`, url in cardinality || others.includes(url))
  for (const [url, [least, most]] of Object.entries(cardinality))
    hold(`${least}..${most} ${url}`, parts(url).length >= least && parts(url).length <= most)
  for (const [url, allowed] of Object.entries(codes[version]))
    for (const code of parts(url)) hold(`${url} ${String(code)}`, allowed.includes(String(code)))
  hold('crd-ci-q1', !has('questionnaire') || has('doc-needed'))
  hold('crd-ci-q5', has('pa-needed', 'satisfied') === has('satisfied-pa-id'))
  hold('crd-ci-q3', some('conditional') === has('info-needed'))
  if (version === '2.0.1') {
    hold('0..1 doc-needed', parts('doc-needed').length <= 1)
    hold('crd-ci-q2', has('covered', 'not-covered') || has('pa-needed'))
    hold('no expiry-date yet', !has('expiry-date'))
  } else {
    hold('crd-ci-q2', !has('covered', 'not-covered') || !has('pa-needed'))
    hold(
      'crd-ci-q4',
      !has('doc-purpose', 'withpa') ||
        has('pa-needed', 'auth-needed') ||
        has('pa-needed', 'performpa') ||
        has('pa-needed', 'conditional') ||
        has('pa-needed', 'indeterminate'),
    )
    hold('crd-ci-q6', !has('info-needed', 'OTH') || has('reason'))
    hold('crd-ci-q8', !has('doc-purpose') || has('reason'))
    hold('crd-ci-q9', !some('indeterminate') || has('reason'))
  }
  return wrong
}
