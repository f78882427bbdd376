/**
 * Proofs that go through everything there is, one by one: `npm run test:whole` does so, every other run looks at a
 * sample that is always the same.
 */
export const isWhole = process.env.SWEEP === 'whole'

/** Every `step`-th of a list from `first` on, so that samples with other firsts see the others; the whole in a whole run. */
export const sampleOf = <T>(list: readonly T[], step: number, first = 0): readonly T[] =>
  isWhole ? list : list.filter((_, at) => at % step === first % step)

/** How often chance is asked: `often` in a whole run. */
export const runsOf = (usual: number, often: number): number => (isWhole ? often : usual)
