/** Random cases near the plain one: a few facts have another answer. Most cases at large would end at a gate. */
import fc from 'fast-check'
import { cannotTell, type Known } from '../../src/pathway/known.ts'
import type { Domain } from './cases.ts'

/** Facts with the answers that they have instead. */
export type Change = readonly [string, Known][]

export const changes = (domains: readonly Domain[], most: number): fc.Arbitrary<Change> =>
  fc.subarray([...domains], { maxLength: most }).chain((chosen) => fc.tuple(...chosen.map(oneAnswer)))

const oneAnswer = ({ fact, answers }: Domain) =>
  fc.constantFrom(...answers).map((known): [string, Known] => [fact, known])

/** One fact unknown, and the same fact known. */
export const clearedDoubt = (domains: readonly Domain[]): fc.Arbitrary<{ before: Change; after: Change }> =>
  fc
    .constantFrom(...domains)
    .chain(({ fact, answers }) =>
      fc
        .constantFrom(...answers.filter(({ value }) => value !== undefined))
        .map((known) => ({ before: [[fact, cannotTell()]], after: [[fact, known]] })),
    )
