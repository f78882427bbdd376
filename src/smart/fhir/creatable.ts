/** Which resources a FHIR server lets others create, as its CapabilityStatement says. Remembered for a while. */
import { z } from 'zod'
import { type Ask, jsonIn, upTo } from '../../net/asker.ts'

/** How long an answer is believed, in ms. */
const freshness = 600_000
/** Bytes: statements are long. */
const mostBytes = 16_777_216

const statement = z.looseObject({
  rest: z
    .array(
      z.looseObject({
        mode: z.string().optional(),
        resource: z
          .array(
            z.looseObject({
              type: z.string(),
              interaction: z.array(z.looseObject({ code: z.string().optional() })).catch([]),
            }),
          )
          .catch([]),
      }),
    )
    .catch([]),
})

/** Types, by the base of the server; none where it does not say. */
export type FindCreatable = (base: string) => Promise<ReadonlySet<string>>

/** `now` in ms since 1970. */
export function createCreatable({ ask, now }: { ask: Ask; now: () => number }): FindCreatable {
  const known = new Map<string, { types: ReadonlySet<string>; until: number }>()
  return async (base) => {
    const remembered = known.get(base)
    if (remembered && now() < remembered.until) return remembered.types
    try {
      const reply = await ask(`${base}/metadata`, {
        headers: { accept: 'application/fhir+json' },
        allowance: upTo(mostBytes),
      })
      const types = reply.status === 200 ? creatableIn(jsonIn(reply)) : new Set<string>()
      if (reply.status === 200) known.set(base, { types, until: now() + freshness })
      return types
    } catch {
      return new Set()
    }
  }
}

function creatableIn(body: unknown): ReadonlySet<string> {
  const { data } = statement.safeParse(body)
  const resources = data?.rest.flatMap(({ mode, resource }) => (mode === 'client' ? [] : resource)) ?? []
  const creatable = resources.filter(({ interaction }) => interaction.some(({ code }) => code === 'create'))
  return new Set(creatable.map(({ type }) => type))
}
