/**
 * Where answers are kept for the site's period: by a hash of server, patient and visit, so that no key names anybody.
 * What the place below does with the text (this process's memory, or a database that holds it sealed) is its matter.
 */

import { createHash } from 'node:crypto'
import { z } from 'zod'
import { withoutClosingSlashes } from '../bounds.ts'
import type { Given } from './given.ts'

/** Whom the answers are about. A visit that one side does not name is another than one that both name. */
export interface About {
  /** Base of the FHIR server. */
  fhirServer: string
  patientId: string
  encounterId?: string | undefined
}

/** A place that forgets by itself; `until` in ms since 1970. */
export interface KeptBriefly {
  put(id: string, text: string, until: number): Promise<void>
  get(id: string): Promise<string | undefined>
}

export interface AnswerBook {
  keep(about: About, given: Given): Promise<void>
  find(about: About): Promise<Given | undefined>
}

const stored = z.object({
  replies: z.record(z.string(), z.string()),
  at: z.iso.datetime(),
  written: z.object({ name: z.string(), after: z.string(), chart: z.string().optional() }).optional(),
})

/** `now` in ms since 1970. */
export function answerBook(place: KeptBriefly, hours: number, now: () => number): AnswerBook {
  return {
    keep: (about, given) => place.put(keyOf(about), JSON.stringify(given), now() + hours * 3_600_000),
    find: async (about) => {
      const text = await place.get(keyOf(about))
      return text === undefined ? undefined : stored.parse(JSON.parse(text))
    },
  }
}

function keyOf({ fhirServer, patientId, encounterId = '' }: About): string {
  const told = JSON.stringify(['checklist', serverOf(fhirServer), patientId, encounterId])
  return createHash('sha256').update(told).digest('base64url')
}

/** One spelling of a base address. */
export const serverOf = (base: string) => withoutClosingSlashes(URL.parse(base)?.href ?? base)
