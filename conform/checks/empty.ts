/** GEN-2 and GEN-3: attributes without content, wherever the specification does not allow them. */
import type { Findings } from '../findings.ts'
import { type Exchange, isObject } from '../http.ts'

/** Lists that are there even when they are empty. */
const mayBeEmpty = new Set(['cards', 'services'])
/** What is inside is FHIR's, or agreed between two parties. */
const notOurs = new Set(['resource', 'extension'])

export function checkEmpty(body: unknown, findings: Findings, exchange: Exchange): void {
  const bare: string[] = []
  const hollow: string[] = []
  const walk = (value: unknown, path: string, name: string): void => {
    if (value === null || (typeof value === 'string' && value.trim() === '')) bare.push(path)
    else if (Array.isArray(value)) {
      if (value.length === 0 && !mayBeEmpty.has(name)) hollow.push(path)
      value.forEach((each, at) => {
        walk(each, `${path}[${at}]`, '')
      })
    } else if (isObject(value)) {
      const fields = Object.entries(value)
      if (fields.length === 0 && path !== '') hollow.push(path)
      for (const [field, each] of fields)
        if (!notOurs.has(field)) walk(each, path === '' ? field : `${path}.${field}`, field)
    }
  }
  walk(body, '', '')
  findings.judge('GEN-2', bare.length === 0, told(bare, 'null or empty text'), exchange)
  findings.judge('GEN-3', hollow.length === 0, told(hollow, 'empty list or object'), exchange)
}

const told = (paths: readonly string[], what: string) =>
  paths.length === 0 ? `no ${what}` : `${what} at ${paths.slice(0, 5).join(', ')}`
