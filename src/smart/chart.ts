/**
 * The launch's chart as the prefetch of a call, so that the same rules judge it as judge a hook. What the token may
 * not read, or the server does not give, is left out: then it is unknown, as it would be in a hook.
 */
import type { FhirResource } from 'fhir/r4.js'
import type { Query } from '../pathway/schema.ts'
import type { Launch } from './launch.ts'

export interface ChartQueries {
  /** By resource type. */
  queries: Readonly<Record<string, Query>>
  /** Resource types that the rules read. */
  wanted: ReadonlySet<string>
  /** `system|code` of every observation that a fact reads. */
  observationCodes: readonly string[]
}

export async function prefetchFrom(
  launch: Launch,
  { queries, wanted, observationCodes }: ChartQueries,
): Promise<Record<string, unknown>> {
  const keys = Object.entries(queries).filter(([type]) => wanted.has(type))
  const read = keys.map(async ([type, { key, search }]): Promise<[string, unknown] | undefined> => {
    try {
      return [key, await answerTo(type as FhirResource['resourceType'], search)]
    } catch {
      // Whatever it was: this key did not come, and the page says what could not be checked.
      return undefined
    }
  })
  return Object.fromEntries((await Promise.all(read)).filter((entry) => entry !== undefined))

  async function answerTo(type: FhirResource['resourceType'], search: string): Promise<unknown> {
    if (search.startsWith('/')) return launch.fhir.read(type, launch.patient)
    const asked = new URLSearchParams(search.replace('{codes}', () => observationCodes.join(',')))
    asked.delete('patient')
    const { resources, isComplete } = await launch.fhir.search(type, Object.fromEntries(asked))
    return {
      resourceType: 'Bundle',
      type: 'searchset',
      // A link onwards says that there is more.
      ...(isComplete ? {} : { link: [{ relation: 'next' }] }),
      entry: resources.map((resource) => ({ resource })),
    }
  }
}
