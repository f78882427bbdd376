/** The EHRs that the app is registered at, each with what is kept out of `site.yaml`. No other is ever spoken to (R4). */

import { longest } from '../../bounds.ts'
import { sameAddress } from '../../site/addresses.ts'
import type { EhrSettings } from '../../site/smart.ts'

export interface Ehr extends EhrSettings {
  /** Of a symmetric client. */
  secret?: string
}

/** What is to be known of a server to get a token there. */
export type TokenClient = Pick<Ehr, 'iss' | 'secret'> & { client: Pick<Ehr['client'], 'id' | 'type'> }

/** Below the public address. */
export const callbackOf = ({ callback }: Pick<Ehr, 'callback'>): string =>
  callback === undefined ? '/smart/callback' : `/smart/callback/${callback}`

export interface Ehrs {
  all(): readonly Ehr[]
  /** By its FHIR base as anybody may spell it; undefined for every other. */
  find(iss: string): Ehr | undefined
}

/** They are asked for at the first request: the sandbox knows its address no earlier. */
export function registeredEhrs(list: () => readonly Ehr[]): Ehrs {
  let known: Map<string, Ehr> | undefined
  const all = () => {
    known ??= new Map(list().map((ehr) => [sameAddress(ehr.iss), { ...ehr, iss: sameAddress(ehr.iss) }]))
    return known
  }
  return {
    all: () => [...all().values()],
    find: (iss) => {
      const url = iss.length > longest.url ? null : URL.parse(iss)
      const isBase = url && [url.search, url.hash, url.username, url.password].every((part) => part === '')
      if (!isBase) return undefined
      return all().get(sameAddress(iss))
    },
  }
}
