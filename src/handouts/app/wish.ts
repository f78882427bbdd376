/** What the form asks for: the language, the parts, and whether the patient's name stands on the paper. */

import type { Patient } from 'fhir/r4.js'
import type { Library } from '../../pathway/handouts/library.ts'
import { namesIn } from '../compose.ts'
import { languageFor } from '../languages.ts'

export interface Wish {
  language: string
  /** Names of sections; undefined leaves the choice to the facts. */
  chosen: readonly string[] | undefined
  named: boolean
}

const most = 200

/** Whatever is sent and is none of the library's is passed over. `spoken` are BCP 47 tags of the patient, preferred first. */
export function wishIn(sent: unknown, library: Library, spoken: readonly string[]): Wish {
  const { language, part, own, named } = (sent ?? {}) as Readonly<Record<string, unknown>>
  const parts = (Array.isArray(part) ? part : [part]).slice(0, most)
  const known = namesIn(library).filter((name) => parts.includes(name))
  const tongue = typeof language === 'string' && Object.hasOwn(library.languages, language)
  return {
    language: tongue ? language : languageFor(library, spoken),
    chosen: own === 'yes' ? known : undefined,
    named: named === 'yes',
  }
}

/** The same as a query, for links that show it again. */
export function queryOf({ language, chosen, named }: Wish): string {
  return new URLSearchParams([
    ['language', language],
    ...(chosen ? [['own', 'yes'], ...chosen.map((name) => ['part', name])] : []),
    ...(named ? [['named', 'yes']] : []),
  ] as [string, string][]).toString()
}

/** BCP 47 tags of `communication`, the preferred one first, then of the resource itself. */
export function languagesOf({ communication = [], language }: Patient): string[] {
  const list = Array.isArray(communication) ? communication : []
  const inOrder = [...list].sort((a, b) => Number(b?.preferred === true) - Number(a?.preferred === true))
  const tags = inOrder.flatMap((each) => each?.language?.coding?.map(({ code }) => code) ?? [])
  return [...tags, language].filter((tag) => typeof tag === 'string')
}
