/**
 * Links to a print view or a PDF that work in a window of their own: cookies of the EHR's frame do not reach it. Each
 * is a secret that works once and for a few minutes, and opens one composed handout and nothing else of the launch.
 */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Store } from '../../store/store.ts'

/** How long a link works, in ms. */
const life = 600_000

const ticket = z.object({
  kind: z.enum(['print', 'pdf']),
  language: z.string(),
  sections: z.array(z.string()),
  unsaid: z.array(z.string()),
  payers: z.array(z.string()),
  givenTo: z.object({ name: z.string(), on: z.string() }).optional(),
})

export type Ticket = z.infer<typeof ticket>

export interface Links {
  /** The last part of the address. */
  issue(ticket: Ticket): Promise<string>
  /** Undefined for one that was used, is too old, or never was. */
  redeem(id: string): Promise<Ticket | undefined>
}

/** `now` in ms since 1970. */
export function printLinks(store: Store, now: () => number): Links {
  return {
    issue: async (issued) => {
      const id = randomBytes(24).toString('base64url')
      await store.put(keyOf(id), JSON.stringify(issued), now() + life)
      return id
    },
    redeem: async (id) => {
      const text = /^[\w-]{32}$/.test(id) ? await store.take(keyOf(id)) : undefined
      return text === undefined ? undefined : ticket.parse(JSON.parse(text))
    },
  }
}

const keyOf = (id: string) => `print ${id}`
