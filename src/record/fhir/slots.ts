/** Lets so many jobs run at a time; the others wait in line. */

export function slots(most: number): <T>(job: () => Promise<T>) => Promise<T> {
  let free = most
  const line: (() => void)[] = []
  return async (job) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => line.push(resolve))
    try {
      return await job()
    } finally {
      // Handed on directly, so that nobody slips in between.
      const next = line.shift()
      if (next) next()
      else free += 1
    }
  }
}
