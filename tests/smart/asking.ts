/** What a sound app asks of the simulator; a field given as undefined is left out. */
import { createHash, randomBytes } from 'node:crypto'
import { Browser } from './browser.ts'
import type { Hospital } from './support.ts'

const verifier = randomBytes(32).toString('base64url')
const challenge = createHash('sha256').update(verifier).digest('base64url')

export type Fields = Record<string, string | undefined>
const written = (fields: Fields) =>
  new URLSearchParams(
    Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined),
  )

/** What a sound app would ask; a field given as undefined is left out. */
export function authorizeUrl({ base, iss, simulator }: Hospital, change: Fields = {}): string {
  const fields = {
    response_type: 'code',
    client_id: 'lumbar',
    redirect_uri: `${base}/smart/callback`,
    scope: 'launch openid fhirUser online_access patient/Patient.r',
    state: randomBytes(32).toString('base64url'),
    aud: iss,
    launch: simulator.newLaunch({ patient: 'p1' }),
    code_challenge: challenge,
    code_challenge_method: 'S256',
    nonce: 'n',
    ...change,
  }
  return `${base}/sandbox/smart/authorize?${written(fields)}`
}

async function codeFrom(hospital: Hospital): Promise<string> {
  const answer = await new Browser().step(authorizeUrl(hospital))
  return new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? ''
}

interface Answer {
  status: number
  told: string | undefined
  body: Record<string, unknown>
}

export async function askForToken(
  hospital: Hospital,
  fields: Fields,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await fetch(`${hospital.base}/sandbox/smart/token`, {
    method: 'POST',
    headers,
    body: written(fields),
  })
  const body = (await answer.json()) as Record<string, unknown>
  return { status: answer.status, told: body.error_description as string | undefined, body }
}

export const grant = async (hospital: Hospital): Promise<Fields> => ({
  grant_type: 'authorization_code',
  code: await codeFrom(hospital),
  redirect_uri: `${hospital.base}/smart/callback`,
  code_verifier: verifier,
})
