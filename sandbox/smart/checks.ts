/** What an app may do wrong at an authorization server: the checks of Inferno's SMART client suite (specification 1.11). */
import { createHash } from 'node:crypto'
import { type Client, type Form, Wrong } from './clients.ts'
import type { Context, Grant, Shelf } from './state.ts'

export interface Asked extends Omit<Grant, 'context'> {
  state: string
  /** Undefined for a standalone launch: then a patient is still to be chosen. */
  context: Context | undefined
}

interface Authority {
  clients: readonly Client[]
  launches: Shelf<Context>
  /** Base of the FHIR server. */
  base: string
}

/** Throws Wrong. */
export function checkAuthorization(query: Form, { clients, launches, base }: Authority): Asked {
  const need = (name: string) => query[name] || fail(`${name} is missing`)
  if (need('response_type') !== 'code') fail('response_type is not "code"')
  const client = clients.find(({ id }) => id === need('client_id')) ?? fail('client_id is not registered')
  const redirectUri = need('redirect_uri')
  if (!client.redirectUris.includes(redirectUri)) fail('redirect_uri is not registered')
  checkRedirect(redirectUri)
  const scope = need('scope')
  const scopes = scope.split(' ')
  if (need('aud').replace(/\/$/, '') !== base) fail('aud is not the FHIR base')
  if (need('code_challenge_method') !== 'S256') fail('code_challenge_method is not S256')
  const challenge = need('code_challenge')
  if (!/^[\w-]{43}$/.test(challenge)) fail('code_challenge is no SHA-256 in base64url')
  const state = need('state')
  // R11: 122 bits are 21 characters of base64.
  if (state.length < 21) fail('state is too short')
  const { launch, nonce } = query
  const context = launch === undefined ? undefined : (launches.find(launch) ?? fail('launch was not issued'))
  if (launch !== undefined && !scopes.includes('launch')) fail('a launch needs the scope "launch"')
  if (launch === undefined && !scopes.includes('launch/patient')) fail('neither launch nor launch/patient')
  return {
    client: client.id,
    redirectUri,
    challenge,
    scope,
    state,
    context,
    ...(nonce === undefined ? {} : { nonce }),
  }
}

/** https, but for this machine. */
function checkRedirect(address: string): void {
  const url = URL.parse(address)
  const isHere = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url?.hostname ?? '')
  if (url?.protocol !== 'https:' && !isHere) fail('redirect_uri is not https')
}

/** Throws Wrong. */
export function checkCode(form: Form, grant: Grant | undefined, client: Client): Grant {
  if (!grant) throw new Wrong('invalid_grant', 'the code is not known, or was used')
  if (grant.client !== client.id) throw new Wrong('invalid_grant', 'the code is of another client')
  if (form.redirect_uri !== grant.redirectUri) throw new Wrong('invalid_grant', 'redirect_uri is another one')
  const verifier = form.code_verifier ?? ''
  if (!/^[\w.~-]{43,128}$/.test(verifier)) throw new Wrong('invalid_grant', 'code_verifier is no verifier')
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  if (challenge !== grant.challenge) throw new Wrong('invalid_grant', 'code_verifier does not match')
  return grant
}

/** R24. Throws Wrong. */
export function checkRefresh(form: Form, grant: Grant | undefined, client: Client): Grant {
  if (grant?.client !== client.id) {
    throw new Wrong('invalid_grant', 'the refresh token is not known, or was used')
  }
  const asked = form.scope?.split(' ') ?? []
  const granted = grant.scope.split(' ')
  if (!asked.every((scope) => granted.includes(scope)))
    throw new Wrong('invalid_scope', 'more than was granted')
  return grant
}

function fail(why: string): never {
  throw new Wrong('invalid_request', why)
}
