/** Lumbar imaging that was done, by need: services and people counted apart, and what they come to by a price table. */

import type { ServiceClass, Services } from '../../src/quality/reports.ts'
import type { Duck } from '../duck.ts'
import { needs } from '../replay/judge.ts'
import { quoted } from '../view/expression.ts'

export interface Price {
  code: string
  usd: number
  source: string
}

/** Reads the query of services-by-need, which is loaded as the table `services`. */
export async function servicesByNeed(duck: Duck, query: string, prices: readonly Price[]): Promise<Services> {
  await duck.run(`CREATE OR REPLACE TABLE services AS ${query}`)
  await duck.run('CREATE OR REPLACE TABLE prices (code VARCHAR, usd DOUBLE)')
  if (prices.length > 0)
    await duck.run(
      `INSERT INTO prices VALUES ${prices.map(({ code, usd }) => `(${quoted(code)}, ${usd})`).join(', ')}`,
    )
  const classes = await duck.rows<Omit<ServiceClass, 'hidden' | 'peopleHidden'>>(`
    SELECT status AS need, count(*) AS services, count(DISTINCT patient) AS people,
      coalesce(sum(p.usd), 0) AS usd, count(*) - count(p.usd) AS unpriced
    FROM services s LEFT JOIN prices p ON p.code = s.code
    GROUP BY status`)
  const [{ people = 0 } = {}] = await duck.rows<{ people: number }>(
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
