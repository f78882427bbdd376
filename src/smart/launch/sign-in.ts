/** From "open this chart" to a launch: the authorization request (R9–R13), and what comes back of it (R14, R15). */
import { SmartFailure } from '../failures.ts'
import type { Store } from '../store/store.ts'
import { contextIn } from './context.ts'
import { pendingAge } from './cookies.ts'
import type { Discover } from './discovery.ts'
import type { Ehr, Ehrs } from './ehrs.ts'
import type { Identify, User } from './id-token.ts'
import { type LaunchKind, type Needs, scopesToAsk } from './scopes.ts'
import { challengeOf, digest, isSame, newSecret } from './secrets.ts'
import type { StoredLaunch } from './sessions.ts'
import { knownError, type RequestToken } from './token.ts'

/** A sign-in under way. */
interface Pending {
  iss: string
  scope: string
  verifier: string
  nonce: string
  /** Of the cookie of the browser that began it. */
  browser: string
}

export interface SignInSettings {
  ehrs: Ehrs
  discover: Discover
  requestToken: RequestToken
  identify: Identify
  pending: Store
  needs: Needs | undefined
  redirectUri: () => string
  /** In ms since 1970. */
  now: () => number
}

export interface Begun {
  ehr: Ehr
  /** Where the browser goes. */
  url: string
  state: string
  /** For the cookie. */
  browser: string
}

export interface Finished {
  ehr: Ehr
  launch: Omit<StoredLaunch, 'secret'>
}

export interface SignIn {
  /** `launch` is what the EHR gave; undefined for a standalone launch (R2, R3). `iss` is sent as it came. */
  begin(iss: string, launch: string | undefined): Promise<Begun>
  /** `browser` is the cookie of that state. */
  finish(answer: Readonly<Record<string, string>>, browser: string | undefined): Promise<Finished>
}

/** Both throw SmartFailure. */
export function signIn(settings: SignInSettings): SignIn {
  return {
    begin: (iss, launch) => begin(settings, iss, launch),
    finish: (answer, browser) => finish(settings, answer, browser),
  }
}

async function begin(settings: SignInSettings, iss: string, launch: string | undefined): Promise<Begun> {
  const { ehrs, discover, pending, needs, redirectUri, now } = settings
  // R4: before anything is asked of anybody.
  const ehr = ehrs.find(iss)
  if (!ehr) throw new SmartFailure('unknown-ehr')
  const configuration = await discover(ehr)
  const kind: LaunchKind = launch === undefined ? 'standalone' : 'ehr'
  const scope = scopesToAsk(ehr, configuration.capabilities, kind, needs)
  const [state, browser, verifier, nonce] = [newSecret(), newSecret(), newSecret(), newSecret()]
  const kept: Pending = { iss: ehr.iss, scope, verifier, nonce, browser: digest(browser) }
  await pending.put(state, JSON.stringify(kept), now() + pendingAge * 1000)
  const url = new URL(configuration.authorizationEndpoint)
  const asked = {
    response_type: 'code',
    client_id: ehr.client.id,
    redirect_uri: redirectUri(),
    scope,
    state,
    // R9: in the EHR's own spelling, which some compare letter by letter.
    aud: iss,
    ...(launch === undefined ? {} : { launch }),
    code_challenge: challengeOf(verifier),
    code_challenge_method: 'S256',
    nonce,
  }
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value)
  return { ehr, url: url.href, state, browser }
}

async function finish(
  settings: SignInSettings,
  answer: Readonly<Record<string, string>>,
  browser: string | undefined,
): Promise<Finished> {
  const { ehr, pending } = await recognise(settings, answer, browser)
  const { discover, requestToken, identify, redirectUri } = settings
  if (answer.error !== undefined) {
    throw new SmartFailure('access-refused', knownError(answer.error) ?? 'other', ehr.iss)
  }
  const { code } = answer
  if (code === undefined || code === '') throw new SmartFailure('bad-callback', 'no-code', ehr.iss)
  const configuration = await discover(ehr)
  const token = await requestToken({
    ehr,
    configuration,
    grant: {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri(),
      code_verifier: pending.verifier,
    },
    asked: pending.scope,
  })
  const { idToken, response, ...access } = token
  let user: User | undefined
  if (idToken !== undefined) user = await identify({ ehr, configuration, idToken, nonce: pending.nonce })
  const { patient, ...context } = contextIn(response)
  if (patient === undefined) throw new SmartFailure('no-patient', undefined, ehr.iss)
  const capabilities = [...configuration.capabilities]
  return {
    ehr,
    launch: { iss: ehr.iss, patient, context, ...(user ? { user } : {}), token: access, capabilities },
  }
}

/** R11: the state is known, used once, and of this browser. */
async function recognise(
  { pending, ehrs }: SignInSettings,
  { state }: Readonly<Record<string, string>>,
  browser: string | undefined,
): Promise<{ ehr: Ehr; pending: Pending }> {
  if (state === undefined) throw new SmartFailure('unknown-state', 'no-state')
  // Looked at first, so that nobody can use up the sign-in of another browser.
  const kept = await pending.get(state)
  if (kept === undefined) throw new SmartFailure('unknown-state', 'unknown')
  const known = JSON.parse(kept) as Pending
  const ehr = ehrs.find(known.iss)
  if (!ehr) throw new SmartFailure('unknown-ehr')
  if (browser === undefined) throw new SmartFailure('unknown-state', 'no-cookie', ehr.iss)
  if (!isSame(digest(browser), known.browser))
    throw new SmartFailure('unknown-state', 'other-browser', ehr.iss)
  if ((await pending.take(state)) === undefined) throw new SmartFailure('unknown-state', 'used', ehr.iss)
  return { ehr, pending: known }
}
