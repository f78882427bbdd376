/** Mistakes that no card shows, as the list has them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { type Mutant, mutantKinds } from './mutant.ts'

const mistake = z.strictObject({ kind: z.enum(mutantKinds), where: z.string() })
export type Mistake = z.infer<typeof mistake>

const file = z.strictObject({
  about: z.string(),
  equivalents: z.array(z.strictObject({ because: z.string().min(30), mistakes: z.array(mistake).min(1) })),
})

const path = join(import.meta.dirname, 'equivalent.yaml')

export const readEquivalents = (): Mistake[] =>
  file.parse(parse(readFileSync(path, 'utf8'))).equivalents.flatMap(({ mistakes }) => mistakes)

/** As one word, so that lists can be compared. */
export const nameOf = ({ kind, where }: Mistake | Mutant): string => `${where}: ${kind}`
