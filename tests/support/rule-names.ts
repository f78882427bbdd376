/** Rules by their name, which their card and their vignettes have too; the code of the decision table is its alias. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const pathway = join(import.meta.dirname, '../../pathway')
const read = (path: string) => parse(readFileSync(join(pathway, path), 'utf8'))

const rules: { id: string; code: string }[] = readdirSync(join(pathway, 'rules')).flatMap(
  (file) => read(join('rules', file)).rules,
)
const kinds: Record<string, { code: string }> = read('orders.yaml')['order-kinds']

const codes = new Map([
  ...Object.entries(kinds).map(([name, { code }]) => [name, code] as const),
  ...rules.map(({ id, code }) => [id, code] as const),
])
const aliases = new Set(codes.values())
const names = new Map(rules.map(({ id, code }) => [code, id]))

/** The name of a rule or of a kind of order as a vignette writes it (its code is understood too), read as the code. */
export const ruleByName = z.string().transform((name, context) => {
  const code = aliases.has(name) ? name : codes.get(name)
  if (code !== undefined) return code
  context.addIssue({ code: 'custom', message: `no rule has the name ${JSON.stringify(name)}` })
  return z.NEVER
})

/** What a vignette writes for a code, `IM01`: `acute-no-red-flag`. The code itself where no rule has it. */
export const nameOfRule = (code: string): string => names.get(code) ?? code
