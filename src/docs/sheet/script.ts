/** `pathway/go-live.yaml`: what is tried before a hospital goes live, and what is ticked off. */
import { z } from 'zod'
import { readYaml } from '../../pathway/files.ts'
import { Problems } from '../../pathway/problems.ts'
import { ruleCode } from '../../pathway/schema.ts'
import { checkShape } from '../../pathway/shape.ts'

export const goLivePath = 'pathway/go-live.yaml'

const line = z.string().min(3)

export const goLiveFile = z.strictObject({
  'test-script': z
    .array(
      z.strictObject({
        do: line,
        expect: line,
        /** Codes of the rules whose cards are shown … */
        cards: z.array(ruleCode).default([]),
        /** … and of those that must stay away. */
        'no-cards': z.array(ruleCode).default([]),
        /** An example of both. */
        vignette: z.string().optional(),
      }),
    )
    .min(1),
  'before-going-live': z
    .array(
      z.strictObject({
        what: line,
        /** The setting that ticks it off. */
        'done-by': z.enum(['callers', 'smart', 'clinic-phone', 'directory']).optional(),
      }),
    )
    .min(1),
})
export type GoLive = z.infer<typeof goLiveFile>

/** @throws ContentError */
export function readGoLive(root: string): GoLive {
  const problems = new Problems()
  const read = checkShape(goLiveFile, readYaml(root, goLivePath, problems), problems)
  problems.throwIfAny()
  if (!read) throw new Error(`${goLivePath} is incomplete`)
  return read
}
