/** Numbers about a drafted medicine: morphine equivalents a day with all in use, days of supply, units dispensed. */
import { answer, cannotTell } from '../../pathway/known.ts'
import type { Compile } from '../case.ts'
import { dailyDose } from '../daily-dose.ts'
import { quantityDispensed } from '../dose.ts'
import { daysOfOneFill } from '../supply.ts'
import type { Element } from '../wire.ts'

export const dose: Compile<'dose'> = (fact, content) => {
  if (fact.read === 'mme-per-day') return dailyDose(fact, content)
  const read = fact.read === 'supply-days' ? daysOfOneFill : unitsDispensed
  return {
    reads: [],
    find: ({ order }) => {
      const value = read(order.draft.resource as unknown as Element)
      return value === undefined || order.isCut ? cannotTell() : answer({ low: value, high: value })
    },
  }
}

const unitsDispensed = (source: Element) => quantityDispensed(source)?.value
