/** Lumbar imaging that was done, by need: services and people counted apart, and what they come to by a price table. */

import type { ServiceClass, Services } from '../../src/quality/reports.ts'
import type { Engine } from '../engine.ts'
import { needs } from '../replay/judge.ts'

export interface Price {
  code: string
  usd: number
  source: string
}

/** Reads the query of services-by-need, which is loaded as the table `services`. */
export async function servicesByNeed(
  engine: Engine,
  query: string,
  prices: readonly Price[],
): Promise<Services> {
  // Exact decimals: a sum is the same in whatever order it is added up.
  await engine.run(
    `CREATE TABLE services AS ${query};
    CREATE TABLE prices (code STRING, usd DECIMAL(18, 4));`,
  )
  await engine.insert(
    'prices',
    prices.map(({ code, usd }) => ({ code, usd })),
  )
  const classes = await engine.rows<Omit<ServiceClass, 'hidden' | 'peopleHidden'>>(`
    SELECT status AS need, count(*) AS services, count(DISTINCT patient) AS people,
      CAST(coalesce(sum(p.usd), 0) AS DOUBLE) AS usd, count(*) - count(p.usd) AS unpriced
    FROM services s LEFT JOIN prices p ON p.code = s.code
    GROUP BY status`)
  const [{ people = 0 } = {}] = await engine.rows<{ people: number }>(
    'SELECT count(DISTINCT patient) AS people FROM services',
  )
  const order = (need: string) => (needs as readonly string[]).indexOf(need)
  return {
    classes: classes
      .map((each) => ({ ...each, hidden: false, peopleHidden: false }))
      .sort((a, b) => ((order(a.need) + 9) % 9) - ((order(b.need) + 9) % 9)),
    people,
  }
}
