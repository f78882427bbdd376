/** Switches that make the FHIR server fail or wait, by resource type: what does a client do when its EHR falters? */
import { isKept } from './parameters.ts'

interface Fault {
  /** Instead of an answer: 400 to 599. */
  status?: number
  /** Before the answer, in ms; at most half a minute. */
  delay?: number
}

export interface Faults {
  /** Undefined ends it. Throws a RangeError for an unknown type or a value out of bounds. */
  set(type: string, fault: Fault | undefined): void
  of(type: string): Fault | undefined
  /** By resource type. */
  list(): Readonly<Record<string, Fault>>
  clear(): void
}

const longest = 30_000

export function createFaults(): Faults {
  const faults = new Map<string, Fault>()
  return {
    set(type, fault) {
      if (!isKept(type)) throw new RangeError('There are no resources of this type here.')
      if (!fault) return void faults.delete(type)
      const { status, delay } = fault
      if (status !== undefined && !isWithin(status, 400, 599)) throw new RangeError('A status is 400 to 599.')
      if (delay !== undefined && !isWithin(delay, 0, longest))
        throw new RangeError(`A delay is 0 to ${longest} ms.`)
      faults.set(type, {
        ...(status === undefined ? {} : { status }),
        ...(delay === undefined ? {} : { delay }),
      })
    },
    of: (type) => faults.get(type),
    list: () => Object.fromEntries(faults),
    clear: () => faults.clear(),
  }
}

const isWithin = (value: number, least: number, most: number) =>
  Number.isInteger(value) && value >= least && value <= most
