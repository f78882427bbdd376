/**
 * Signing in by OpenID Connect: authorization code with PKCE, state and nonce; the ID token is believed only when its
 * signature and every claim hold (OpenID Connect Core 3.1.3.7). Roles come from its claims, and from nothing else.
 */
import * as client from 'openid-client'
import { isFhirId, longest, withoutClosingSlashes } from '../bounds.ts'
import type { Ask } from '../net/asker.ts'
import type { QualitySettings } from '../site/quality.ts'
import { sealer } from '../store/seal.ts'
import type { Store } from '../store/store.ts'
import type { Viewer } from './viewer.ts'

interface SignInSettings {
  settings: QualitySettings
  secret: string | undefined
  ask: Ask
  /** Where it is kept that a sign-in was used: each does once. */
  kept: Pick<Store, 'claim'>
  /** 32 bytes, the same for all replicas. */
  key: Buffer
  /** In ms since 1970. */
  now: () => number
}

/** Why nobody was signed in: a word for the log, which quotes nothing of what came. */
export class SignInFailed extends Error {
  readonly reason: string

  constructor(reason: string) {
    super(reason)
    this.name = 'SignInFailed'
    this.reason = reason
  }
}

/** In ms. */
const pendingTime = 600_000

interface Pending {
  /** In ms since 1970. */
  until: number
  state: string
  nonce: string
  verifier: string
}

/** The address at the provider, and what the browser keeps until it comes back: sealed, so that nobody fills a store by beginning. */
interface Begun {
  place: string
  sealed: string
}

export function openSignIn({ settings, secret, ask, kept, key, now }: SignInSettings) {
  const { nameOf, seal, open } = sealer(key, 'quality sign-in')
  const name = nameOf('pending')
  const redirect = `${withoutClosingSlashes(settings['public-url'])}/quality/callback`
  let discovered: Promise<client.Configuration> | undefined

  /** Asked for at the first sign-in, and again after that failed. */
  function configuration(): Promise<client.Configuration> {
    discovered ??= discover().catch((error: unknown) => {
      discovered = undefined
      throw error
    })
    return discovered
  }

  async function discover(): Promise<client.Configuration> {
    const authentication = secret === undefined ? client.None() : client.ClientSecretBasic(secret)
    const issuer = new URL(settings.issuer)
    const found = await client.discovery(issuer, settings['client-id'], undefined, authentication, {
      [client.customFetch]: fetchBy(ask),
      // Only of this machine: the schema lets no other http in.
      execute: issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [],
    })
    found[client.customFetch] = fetchBy(ask)
    // The token comes over TLS from its issuer; its signature is verified all the same.
    client.enableNonRepudiationChecks(found)
    return found
  }

  return {
    async begin(): Promise<Begun> {
      const pending: Pending = {
        until: now() + pendingTime,
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      }
      const found = await failing('provider', configuration)
      const address = client.buildAuthorizationUrl(found, {
        redirect_uri: redirect,
        scope: settings.scopes.join(' '),
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(pending.verifier),
        code_challenge_method: 'S256',
      })
      return { place: address.href, sealed: seal(name, JSON.stringify(pending)).toString('base64url') }
    },

    /** `query` is what the provider sent the browser back with. Undefined for somebody who has no role here. */
    async finish(sealed: string, query: string): Promise<Viewer | undefined> {
      const text = open(name, Buffer.from(sealed, 'base64url'))
      if (text === undefined) throw new SignInFailed('not-begun-here')
      const { until, state, nonce, verifier } = JSON.parse(text) as Pending
      if (until <= now()) throw new SignInFailed('too-late')
      const found = await failing('provider', configuration)
      const tokens = await failing('token', () =>
        client.authorizationCodeGrant(found, new URL(`${redirect}?${query}`), {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        }),
      )
      if (!(await kept.claim(`quality sign-in ${state}`, until))) throw new SignInFailed('used-before')
      return viewerIn(tokens.claims() ?? {}, settings)
    },
  }
}

async function failing<T>(reason: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { code } = error as { code?: unknown }
    throw new SignInFailed(typeof code === 'string' ? `${reason} ${code}` : reason)
  }
}

const fetchBy =
  (ask: Ask): client.CustomFetch =>
  async (url, { method, headers, body }) => {
    const {
      status,
      headers: own,
      text,
    } = await ask(url, {
      method: method === 'POST' ? 'POST' : 'GET',
      headers,
      ...(body === undefined || body === null ? {} : { body: String(body) }),
    })
    return new Response(text, { status, headers: own })
  }

/** Who a person is by the claims of the ID token; a role that is not named is none. */
export function viewerIn(
  claims: Readonly<Record<string, unknown>>,
  settings: QualitySettings,
): Viewer | undefined {
  const roles = wordsIn(claims[settings['role-claim']])
  const [subject = ''] = wordsIn(claims.sub)
  if (subject === '') return undefined
  const who = `${subject} at ${settings.issuer}`.slice(0, 300)
  const [name = subject] = wordsIn(claims.name)
  const person = { who, name: name.slice(0, 100) }
  if (roles.some((role) => settings.leads.includes(role))) return { role: 'lead', ...person }
  const [named = ''] = wordsIn(claims[settings['clinician-claim']])
  const clinician = clinicianIn(named)
  if (!clinician || !roles.some((role) => settings.clinicians.includes(role))) return undefined
  const [clinic] = settings['clinic-claim'] === undefined ? [] : wordsIn(claims[settings['clinic-claim']])
  return { role: 'clinician', ...person, clinician, ...(clinic === undefined ? {} : { clinic }) }
}

const wordsIn = (claim: unknown): string[] =>
  [claim]
    .flat()
    .filter((word) => typeof word === 'string' && word !== '' && word.length <= longest.url) as string[]

/** `Practitioner/123`, the same with the server before it, or a bare id. */
function clinicianIn(text: string): Viewer['clinician'] {
  const parts = text.split('/')
  const id = parts.at(-1) ?? ''
  if (!isFhirId(id) || (parts.length > 1 && parts.at(-2) !== 'Practitioner')) return undefined
  const server = parts.slice(0, -2).join('/')
  return URL.canParse(server) ? { id, server } : { id }
}
