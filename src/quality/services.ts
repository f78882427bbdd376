/** Lumbar imaging that was done, by need, as it is told: services and people counted apart, and nothing of few people. */
import type { ReportFile } from './reports.ts'
import { hiddenGroups, isSmall } from './suppress.ts'

export interface ServiceClass {
  need: string
  services: number
  people: number
  usd: number
  /** Services without a price in the table; they are not estimated. */
  unpriced: number
  hidden: boolean
  peopleHidden: boolean
}

export interface Services {
  classes: readonly ServiceClass[]
  /** People with any, each once. */
  people: number
}

/**
 * The same without what is told of few people. Services add up, and hide each other; where few people had a second one,
 * people are not told beside services.
 */
export function withoutSmall({ classes, people }: Services): Services {
  const services = new Map(
    classes.map((each) => [each.need, { part: 0, of: isSmall(each.people) ? each.people : each.services }]),
  )
  const persons = new Map(classes.map((each) => [each.need, { part: 0, of: each.people }]))
  const [hidden = new Set(), alone = new Set()] = hiddenGroups([services, persons])
  return {
    classes: classes.map((each) => ({
      ...each,
      hidden: hidden.has(each.need),
      peopleHidden: hidden.has(each.need) || alone.has(each.need),
    })),
    people,
  }
}

/** Of the last report, for the dashboard. */
export const servicesOf = ({ services }: ReportFile): Services['classes'] =>
  withoutSmall({
    classes: services.map((each) => ({ ...each, hidden: false, peopleHidden: false })),
    people: 0,
  }).classes
