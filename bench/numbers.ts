/** Medians, and numbers as people read them. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** Of the lowest tenth the middle: what a thing takes while nobody else has the caches. */
export const lowest = (values: readonly number[]): number =>
  median([...values].sort((a, b) => a - b).slice(0, Math.max(1, Math.ceil(values.length / 10))))

export const us = (value: number) => `${value < 100 ? value.toFixed(1) : value.toFixed(0)} µs`
export const ms = (value: number) => value.toFixed(value < 10 ? 2 : 0)
export const times = (value: number) => `${value.toFixed(2)} x`
export const megabytes = (bytes: number) => `${(bytes / 1_048_576).toFixed(0)} MB`
export const range = (values: readonly number[]) =>
  `${Math.min(...values).toFixed(2)}-${Math.max(...values).toFixed(2)}`
