/** What the exported libraries are held against: all vignettes, and events of the fidelity trial. */
import { today } from '../fidelity/chart.ts'
import { population } from '../fidelity/population.ts'
import { toCall } from '../support/call.ts'
import { content, explainBody, vignettes, withSite } from '../support/evaluated.ts'

export interface Case {
  name: string
  body: object
  day: string
  using: typeof content
}

export function* casesWith(events: number): Generator<Case> {
  for (const vignette of vignettes)
    yield {
      name: vignette.vignette,
      body: toCall(vignette),
      day: vignette.today,
      using: withSite(vignette),
    }
  for (const { number, body } of population(content.queries, { size: events }))
    yield { name: `event ${number}`, body, day: today, using: content }
}

export const judged = ({ body, day, using }: Case) => explainBody(body, day, using)
