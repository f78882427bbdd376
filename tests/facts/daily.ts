/** Dosage instructions in few words, and what they come to in a day. */
import { amountADay, sigsOf } from '../../src/facts/sig.ts'

export const daily = (...dosageInstruction: object[]) => amountADay(sigsOf({ dosageInstruction }))

export const onceADay = { timing: { repeat: { frequency: 1, period: 1, periodUnit: 'd' } } }
const ucum = 'http://unitsofmeasure.org'
export const of = (value: number, unit?: string, code?: string) => ({
  value,
  ...(unit === undefined ? {} : { unit }),
  ...(code === undefined ? {} : { code, system: ucum }),
})
export const dose = (doseQuantity: object) => ({ doseAndRate: [{ doseQuantity }] })
