/** Lumbar as a service that reads by itself, with nobody signed in (SMART Backend Services): a token for each server, while it lasts. */
import { type Ask, ask as askDirectly } from '../net/asker.ts'
import { SmartFailure } from './failures.ts'
import { discoverBackend } from './launch/discovery.ts'
import { type OwnKeys, type RequestToken, type Token, tokenRequester } from './launch/token.ts'

export interface BackendServer {
  /** Base address of the FHIR server. */
  base: string
  clientId: string
  /** Letter by letter; without it reading of these types, in the form that the server understands. */
  scopes?: readonly string[] | undefined
  reads: readonly string[]
  'endpoint-origins': readonly string[]
}

interface BackendSettings {
  keys: OwnKeys
  now: () => Date
  /** For tests. */
  ask?: Ask
}

/**
 * The token for this server, a new one where it has ended or is the one that was refused (`stale`). Throws SmartFailure
 * `ehr-not-reached`, `ehr-not-fit`, `token-refused` or `token-not-fit`.
 */
export type BackendAccess = (
  server: BackendServer,
  stale?: string,
) => Promise<Pick<Token, 'access' | 'scope'>>

/** A token that ends this soon is as good as ended, in ms. */
const margin = 30_000

export function backendAccess({ keys, now, ask = askDirectly }: BackendSettings): BackendAccess {
  const requestToken = tokenRequester({ ask, keys, now })
  const held = new Map<string, Token>()
  return async (server, stale) => {
    const known = held.get(server.base)
    if (known && known.access !== stale && known.expiresAt - margin > now().getTime()) return known
    held.delete(server.base)
    const token = await newToken(server, ask, requestToken)
    held.set(server.base, token)
    return token
  }
}

async function newToken(server: BackendServer, ask: Ask, requestToken: RequestToken): Promise<Token> {
  const { base, clientId, scopes, reads } = server
  const client = { iss: base, client: { id: clientId, type: 'asymmetric' as const } }
  const configuration = await discoverBackend(ask, {
    iss: base,
    'endpoint-origins': [...server['endpoint-origins']],
  })
  // Where a server lists ways to say who one is, and this is none of them, it would refuse with less clear words.
  const { authMethods, capabilities } = configuration
  if (authMethods && !authMethods.includes('private_key_jwt'))
    throw new SmartFailure('ehr-not-fit', 'no-private-key-jwt', base)
  const rights = capabilities.has('permission-v2') ? 'rs' : 'read'
  const scope = (scopes ?? reads.map((type) => `system/${type}.${rights}`)).join(' ')
  const grant = { grant_type: 'client_credentials', scope }
  return requestToken({ ehr: client, configuration, grant, asked: scope })
}
