/** Opens a SMART app from a card as an EHR does: asks for a launch id, then goes to the app with it. */
import { z } from 'zod'
import type { Link } from './answer.ts'

interface LaunchContext {
  fhirBase: string
  patient: string
  encounter: string | undefined
  user: string
}

type Launched = { url: string } | { problem: string }

const launchBody = z.object({ launch_id: z.string().min(1) })
const patience = 5000

/** The endpoint is that of the public CDS Hooks Sandbox and of SMART's own simulator. */
export async function launch(link: Link, context: LaunchContext): Promise<Launched> {
  const { fhirBase, patient, encounter, user } = context
  const endpoint = `${fhirBase}/_services/smart/Launch`
  const parameters = {
    patient,
    user,
    ...(encounter === undefined ? {} : { encounter }),
    ...(link.appContext === undefined ? {} : { appContext: link.appContext }),
  }
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ launchUrl: link.url, parameters }),
      signal: AbortSignal.timeout(patience),
    })
    const read = launchBody.safeParse(await response.json().catch(() => undefined))
    if (!response.ok || !read.success)
      return {
        problem: `${endpoint} gave no launch id (${response.status}). This FHIR server cannot launch SMART apps.`,
      }
    return { url: launchUrl(link.url, fhirBase, read.data.launch_id) }
  } catch {
    return { problem: `${endpoint} cannot be reached.` }
  }
}

/** What the address already asks for stays. */
export function launchUrl(app: string, iss: string, id: string): string {
  const url = new URL(app)
  url.searchParams.set('iss', iss)
  url.searchParams.set('launch', id)
  return url.href
}
