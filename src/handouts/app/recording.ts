/** Writes into the chart that education was given, in the first way that the server and the scopes allow. */
import { createHash } from 'node:crypto'
import type {
  CodeableConcept,
  Communication,
  DocumentReference,
  FhirResource,
  Procedure,
  Reference,
} from 'fhir/r4.js'
import type { Recording, RecordingCoding } from '../../pathway/schema.ts'
import { recordTypes } from '../../smart/launch/ehrs.ts'
import type { Launch } from '../../smart/launch.ts'
import type { Handout } from '../model.ts'

// That education was given, as FHIR R4: the document itself, or what is left where a server takes no documents.

export interface Given {
  patientId: string
  encounterId?: string | undefined
  /** Who gave it, as the EHR refers to them. */
  author?: string | undefined
  /** ISO 8601. */
  at: string
  language: string
  title: string
  /** Names of the sections. */
  sections: readonly string[]
  version: string
}

interface Attached {
  contentType: string
  bytes: Uint8Array
}

export const identifierSystem = 'urn:lumbar:handout'

/** The same handout for the same patient, visit and day is the same record, however often it is sent. */
function identifierOf({ patientId, encounterId = '', at, language, sections, version }: Given) {
  const told = JSON.stringify([patientId, encounterId, at.slice(0, 10), language, sections, version])
  return { system: identifierSystem, value: createHash('sha256').update(told).digest('hex').slice(0, 32) }
}

/** `type` is the site's own, where it has one; beside it stands that of LOINC, which US Core requires. */
export function documentOf(
  given: Given,
  { document }: Recording,
  { contentType, bytes }: Attached,
  type: { system: string; code: string; display?: string | undefined } | undefined,
): DocumentReference {
  const { author } = given
  return {
    resourceType: 'DocumentReference',
    identifier: [identifierOf(given)],
    status: 'current',
    docStatus: 'final',
    type: type
      ? { coding: [withoutUndefined(type), ...(conceptOf(document.type).coding ?? [])] }
      : conceptOf(document.type),
    category: [conceptOf(document.category)],
    subject: patientOf(given),
    date: given.at,
    ...(author ? { author: [{ reference: author }] } : {}),
    description: describe(given),
    content: [
      {
        attachment: {
          contentType,
          language: given.language,
          data: Buffer.from(bytes).toString('base64'),
          size: bytes.length,
          hash: createHash('sha1').update(bytes).digest('base64'),
          title: given.title,
          creation: given.at,
        },
      },
    ],
    context: {
      ...(given.encounterId ? { encounter: [{ reference: `Encounter/${given.encounterId}` }] } : {}),
      period: { start: given.at, end: given.at },
    },
  }
}

export function communicationOf(given: Given, { communication }: Recording): Communication {
  const { author } = given
  return {
    resourceType: 'Communication',
    identifier: [identifierOf(given)],
    status: 'completed',
    category: [conceptOf(communication.category)],
    subject: patientOf(given),
    recipient: [patientOf(given)],
    ...encounterOf(given),
    ...(author ? { sender: { reference: author } } : {}),
    sent: given.at,
    topic: { text: given.title },
    payload: [{ contentString: describe(given) }],
  }
}

export function procedureOf(given: Given, { procedure }: Recording): Procedure {
  const { author } = given
  return {
    resourceType: 'Procedure',
    identifier: [identifierOf(given)],
    status: 'completed',
    category: conceptOf(procedure.category),
    code: { ...conceptOf(procedure.code), text: given.title },
    subject: patientOf(given),
    ...encounterOf(given),
    performedDateTime: given.at,
    ...(author ? { performer: [{ actor: { reference: author } }] } : {}),
    note: [{ text: describe(given) }],
  }
}

const describe = ({ title, language, version, sections }: Given) =>
  `${title} (${language}, version ${version}): ${sections.join(', ')}`

const patientOf = ({ patientId }: Given): Reference => ({ reference: `Patient/${patientId}` })
const encounterOf = ({ encounterId }: Given) =>
  encounterId ? { encounter: { reference: `Encounter/${encounterId}` } } : {}

const conceptOf = ({ system, code, display }: RecordingCoding): CodeableConcept => ({
  coding: [{ system, code, display }],
})

const withoutUndefined = ({
  system,
  code,
  display,
}: {
  system: string
  code: string
  display?: string | undefined
}) => ({
  system,
  code,
  ...(display === undefined ? {} : { display }),
})

/** In English, as visit notes are. `on` as 2026-11-22. */
export function notePhrase({ parts, language, version }: Handout, on: string): string {
  const pages = parts.map(({ title }) => title)
  const tongue = new Intl.DisplayNames('en', { type: 'language' }).of(language) ?? language
  return `Back pain education given on ${on}, in ${tongue}: ${pages.join('; ')} (Lumbar handout, version ${version}). Warning signs and when to call are part of it.`
}

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
