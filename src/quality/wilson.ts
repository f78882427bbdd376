/** The interval of a share by Wilson: it stays between 0 and 1, also for small numbers. */

const z = 1.959963984540054

export interface Interval {
  low: number
  high: number
}

/** 95 %. Of nothing nothing is known. */
export function wilson(part: number, of: number): Interval {
  if (of === 0) return { low: 0, high: 1 }
  const share = part / of
  const shrunk = 1 + (z * z) / of
  const middle = (share + (z * z) / (2 * of)) / shrunk
  const half = (z / shrunk) * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of))
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}
