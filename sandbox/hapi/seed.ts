/** Loads the invented patients into a FHIR server, by one transaction of PUTs: done again, it changes nothing. */
import type { Bundle, FhirResource } from 'fhir/r4.js'
import { z } from 'zod'
import { listPatients, loadPatient } from '../../fhir-fixtures/load.ts'
import { Misunderstood } from '../../src/cli/arguments.ts'

/** A fresh HAPI compiles its queries meanwhile, in ms. */
const patience = 3 * 60_000

interface Seeded {
  patients: number
  resources: number
}

const response = z.object({
  resourceType: z.literal('Bundle'),
  entry: z.array(z.object({ response: z.object({ status: z.string().regex(/^20[01]/) }) })),
})

/** All fixtures with the dates of `today` (YYYY-MM-DD), each resource once. */
export function allResources(root: string, today: string): FhirResource[] {
  const byPlace = new Map<string, FhirResource>()
  for (const name of listPatients(root)) {
    for (const resource of loadPatient(root, name, today).resources)
      byPlace.set(`${resource.resourceType}/${resource.id}`, resource)
  }
  return [...byPlace.values()]
}

/** Throws a Misunderstood that says what the server said. */
export async function seed(base: string, resources: readonly FhirResource[]): Promise<Seeded> {
  const transaction: Bundle = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource) => ({
      resource,
      request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
    })),
  }
  const reply = await send(base, transaction)
  const read = response.safeParse(await reply.json().catch(() => undefined))
  if (!reply.ok || !read.success || read.data.entry.length !== resources.length) {
    throw new Misunderstood(`The FHIR server at ${base} did not take the patients (${reply.status}).`)
  }
  const patients = resources.filter(({ resourceType }) => resourceType === 'Patient').length
  return { patients, resources: resources.length }
}

async function send(base: string, body: Bundle): Promise<Response> {
  try {
    return await fetch(base, {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json', accept: 'application/fhir+json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(patience),
    })
  } catch {
    throw new Misunderstood(`Nothing answers at ${base}. Is it the base address of a FHIR server?`)
  }
}
