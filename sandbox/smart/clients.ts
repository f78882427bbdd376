/** The apps that are registered at the simulator, and whether a token request is from the one that it says (R15–R17). */
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose'
import type { Shelf } from './state.ts'

/** The app is wrong. `message` says why, for its developer; `error` is OAuth's word. */
export class Wrong extends Error {
  readonly error: string

  constructor(error: string, why: string) {
    super(why)
    this.name = 'Wrong'
    this.error = error
  }
}

export interface Client {
  id: string
  type: 'public' | 'symmetric' | 'asymmetric'
  /** Of a symmetric client. */
  secret?: string
  /** Of an asymmetric client. */
  jwksUrl?: string
  redirectUris: readonly string[]
}

export type Form = Readonly<Record<string, string>>

interface Attempt {
  form: Form
  authorization: string | undefined
  tokenUrl: string
  now: Date
  usedAssertions: Shelf<true>
  secretMayBePosted: boolean
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
/** In seconds (R17). */
const longestAssertion = 300

/** Throws Wrong. */
export async function authenticate(clients: readonly Client[], attempt: Attempt): Promise<Client> {
  const id = claimedId(attempt)
  const client = clients.find((each) => each.id === id)
  if (!client) throw new Wrong('invalid_client', `no client "${id ?? ''}" is registered`)
  if (client.type === 'public') bePublic(client, attempt)
  else if (client.type === 'symmetric') knowSecret(client, attempt)
  else await sign(client, attempt)
  return client
}

function claimedId({ form, authorization }: Attempt): string | undefined {
  if (form.client_id !== undefined) return form.client_id
  if (authorization !== undefined) return basic(authorization)?.id
  return issuerOf(form.client_assertion ?? '')
}

function issuerOf(assertion: string): string | undefined {
  try {
    const claims = JSON.parse(
      Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString(),
    ) as JWTPayload
    return claims.iss
  } catch {
    return undefined
  }
}

function basic(header: string): { id: string; secret: string } | undefined {
  const [, encoded = ''] = /^Basic (\S+)$/.exec(header) ?? []
  const [, id, secret] = /^([^:]*):(.*)$/.exec(Buffer.from(encoded, 'base64').toString()) ?? []
  return id === undefined || secret === undefined ? undefined : { id, secret }
}

function bePublic(_: Client, { form, authorization }: Attempt): void {
  if (authorization !== undefined) throw new Wrong('invalid_client', 'a public client sends no Authorization')
  if (form.client_id === undefined) throw new Wrong('invalid_client', 'a public client sends its client_id')
}

function knowSecret({ id, secret }: Client, attempt: Attempt): void {
  const { form, authorization, secretMayBePosted } = attempt
  if (secretMayBePosted && form.client_secret === secret && form.client_id === id) return
  const sent = basic(authorization ?? '')
  if (sent?.id !== id || sent.secret !== secret) {
    throw new Wrong('invalid_client', 'a symmetric client sends its id and secret as Basic Authorization')
  }
  if (form.client_id !== undefined || form.client_secret !== undefined) {
    throw new Wrong('invalid_client', 'a symmetric client sends nothing of itself in the body')
  }
}

async function sign(client: Client, { form, tokenUrl, now, usedAssertions }: Attempt): Promise<void> {
  const refuse = (why: string) => new Wrong('invalid_client', why)
  if (form.client_assertion_type !== assertionType) throw refuse('client_assertion_type is not jwt-bearer')
  if (form.client_id !== undefined) throw refuse('an asymmetric client sends no client_id')
  const keys = createRemoteJWKSet(new URL(client.jwksUrl ?? ''))
  const { payload, protectedHeader } = await jwtVerify(form.client_assertion ?? '', keys, {
    algorithms: ['ES384', 'RS384'],
    issuer: client.id,
    subject: client.id,
    audience: tokenUrl,
    typ: 'JWT',
    currentDate: now,
    requiredClaims: ['exp', 'jti'],
  }).catch((error: Error) => {
    throw refuse(`the client assertion does not hold: ${error.message}`)
  })
  if (protectedHeader.jku !== undefined && protectedHeader.jku !== client.jwksUrl) {
    throw refuse('jku is not the registered one')
  }
  if ((payload.exp ?? 0) > now.getTime() / 1000 + longestAssertion) throw refuse('exp is too far ahead')
  const jti = `${client.id} ${payload.jti}`
  if (usedAssertions.find(jti)) throw refuse('jti was used before')
  usedAssertions.keep(true, jti)
}
