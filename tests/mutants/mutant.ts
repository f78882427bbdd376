/** What a mutant is: one mistake, planted in content that was sound. */
import type { Content } from '../../src/pathway/content.ts'

export const mutantKinds = [
  'a suggestion is left out',
  'two suggestions change places',
  'a condition is turned round',
  'a part of a condition is left out',
  'all becomes any, or any all',
  'a silenced topic is left out',
  'another indicator',
  'another priority',
  'the other answer where it cannot be told',
  'a line rides on one topic less',
  'an offer is left out',
  'a rule is left out',
  'a number is one more',
  'a number is one less',
  'a group of codes is left out',
  'a member of a group of facts is left out',
  'a window is left out',
] as const
export type MutantKind = (typeof mutantKinds)[number]

export interface Mutant {
  kind: MutantKind
  /** Where, in words: "RF04a, silences: not-now". */
  where: string
  /** Rules that it can change, for the vignettes about them to be asked first. */
  rules: readonly string[]
  content: Content
}

export const without = <T>(list: readonly T[], position: number) => list.filter((_, at) => at !== position)
