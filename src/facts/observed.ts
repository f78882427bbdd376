/** Which observations are asked for: the codes of every fact that reads them, as far as such codes name observations. */
import type { Content } from '../pathway/content.ts'
import { keysOf } from './lookups.ts'

/**
 * Bare codes. With its system each would take three times the room, and servers take addresses of some thousand
 * characters only; a code alone is a legal search, and finds it in any system.
 */
export function observedCodes(content: Pick<Content, 'facts' | 'codes' | 'queries'>): string[] {
  const query = content.queries.Observation
  const systems = new Set(query?.['codes-of'])
  const elsewhere = new Set(query?.['never-observed'].flatMap(({ codes }) => keysOf(codes)))
  const keys = new Set(
    Object.values(content.facts).flatMap((fact) => {
      if (fact.kind === 'observation') return keysOf(fact.codes)
      return fact.kind === 'condition' && fact.in.includes('Observation') ? keysOf(fact.codes) : []
    }),
  )
  const asked = content.codes.rows.filter(
    ({ key, system }) => keys.has(key) && !elsewhere.has(key) && systems.has(system),
  )
  return [...new Set(asked.map(({ code }) => code))]
}
