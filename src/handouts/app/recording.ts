/** Writes into the chart that education was given, in the first way that the server and the scopes allow. */
import type { FhirResource } from 'fhir/r4.js'
import type { Recording } from '../../pathway/schema.ts'
import { recordTypes } from '../../smart/launch/scopes.ts'
import type { Launch } from '../../smart/launch.ts'
import {
  type Attached,
  communicationOf,
  documentOf,
  type Given,
  identifierOf,
  procedureOf,
} from './resources.ts'

export const recordOutcomes = ['document', 'communication', 'procedure', 'not-possible', 'refused'] as const
export type RecordOutcome = (typeof recordOutcomes)[number]

type Way = keyof typeof recordTypes

/** `auto` tries what is there, in this order (specification 5.2). */
const order: readonly Way[] = ['document', 'communication', 'procedure']

/** Never throws: when nothing could be saved the page must say so. `attach` is only asked where a document is written. */
export async function recordGiven(
  launch: Launch,
  recording: Recording,
  given: Given,
  attach: () => Promise<Attached>,
): Promise<RecordOutcome> {
  const { writeback } = launch.ehr
  if (writeback === 'none') return 'not-possible'
  const ways = writeback === 'auto' ? order : [writeback]
  const { system, value } = identifierOf(given)
  const ifNoneExist = new URLSearchParams({ identifier: `${system}|${value}` }).toString()
  let tried = false
  for (const way of ways) {
    if (!(await launch.canCreate(recordTypes[way]))) continue
    tried = true
    try {
      await launch.fhir.create(await resourceOf(way), { ifNoneExist })
      return way
    } catch {
      // The next way may be taken; when none is, the page says that nothing was saved.
    }
  }
  return tried ? 'refused' : 'not-possible'

  async function resourceOf(way: Way): Promise<FhirResource> {
    if (way === 'communication') return communicationOf(given, recording)
    if (way === 'procedure') return procedureOf(given, recording)
    return documentOf(given, recording, await attach(), launch.ehr['document-type'])
  }
}
