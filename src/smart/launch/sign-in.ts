/** From "open this chart" to a launch: the authorization request (R9–R13), and what comes back of it (R14, R15). */
import { longest, withoutClosingSlashes } from '../../bounds.ts'
import type { Store } from '../../store/store.ts'
import { SmartFailure } from '../failures.ts'
import { contextIn } from '../launch.ts'
import type { Discover, SmartConfiguration } from './discovery.ts'
import { type Ehr, type Ehrs, type LaunchKind, type Needs, scopesToAsk } from './ehrs.ts'
import type { Identify, User } from './id-token.ts'
import type { StoredLaunch } from './sessions.ts'
import { challengeOf, isFor, isSame, pendingAge, type State, type States } from './states.ts'
import { knownError, type RequestToken } from './token.ts'

interface SignInSettings {
  ehrs: Ehrs
  discover: Discover
  requestToken: RequestToken
  identify: Identify
  states: States
  /** States that came back: each does once. */
  used: Store
  needs: Needs | undefined
  /** Where an EHR sends the browser back to: each to an address of its own. */
  redirectUri: (ehr: Ehr) => string
  /** In ms since 1970. */
  now: () => number
}

interface Begun {
  ehr: Ehr
  /** Where the browser goes. */
  url: string
  state: string
  /** For the cookie. */
  browser: string
}

interface Finished {
  ehr: Ehr
  launch: Omit<StoredLaunch, 'secret'>
}

/** What came back of an EHR. */
interface Came {
  answer: Readonly<Record<string, string>>
  /** The cookie of its state. */
  browser: string | undefined
  /** The last part of the address that it came back to, where that has one. */
  callback: string | undefined
}

export interface SignIn {
  /** `launch` is what the EHR gave; undefined for a standalone launch (R2, R3). `iss` is sent as it came. */
  begin(iss: string, launch: string | undefined): Promise<Begun>
  finish(came: Came): Promise<Finished>
}

/** Both throw SmartFailure. */
export function signIn(settings: SignInSettings): SignIn {
  return {
    begin: (iss, launch) => begin(settings, iss, launch),
    finish: (came) => finish(settings, came),
  }
}

async function begin(settings: SignInSettings, iss: string, launch: string | undefined): Promise<Begun> {
  const { ehrs, discover, states, needs, redirectUri, now } = settings
  // R4: before anything is asked of anybody.
  const ehr = ehrs.find(iss)
  if (!ehr) throw new SmartFailure('unknown-ehr')
  const configuration = await discover(ehr)
  const kind: LaunchKind = launch === undefined ? 'standalone' : 'ehr'
  const scope = scopesToAsk(ehr, configuration.capabilities, kind, needs)
  const state = states.make(ehr.iss, kind, now() + pendingAge * 1000)
  const url = new URL(configuration.authorizationEndpoint)
  const asked = {
    response_type: 'code',
    client_id: ehr.client.id,
    redirect_uri: redirectUri(ehr),
    scope,
    state: state.text,
    // R9: in the EHR's own spelling, which some compare letter by letter.
    aud: iss,
    ...(launch === undefined ? {} : { launch }),
    code_challenge: challengeOf(state.verifier),
    code_challenge_method: 'S256',
    nonce: state.nonce,
  }
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value)
  return { ehr, url: url.href, state: state.text, browser: state.browser }
}

async function finish(settings: SignInSettings, came: Came): Promise<Finished> {
  const { answer } = came
  const { ehr, state } = recognise(settings, came)
  const { discover, requestToken, identify, redirectUri, needs, used } = settings
  const configuration = await discover(ehr)
  requireIssuer(answer.iss, configuration, ehr)
  if (!(await used.claim(state.text, state.until))) throw new SmartFailure('unknown-state', 'used', ehr.iss)
  if (answer.error !== undefined) {
    throw new SmartFailure('access-refused', knownError(answer.error) ?? 'other', ehr.iss)
  }
  const { code } = answer
  if (code === undefined || code === '') throw new SmartFailure('bad-callback', 'no-code', ehr.iss)
  const token = await requestToken({
    ehr,
    configuration,
    grant: {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri(ehr),
      code_verifier: state.verifier,
    },
    asked: scopesToAsk(ehr, configuration.capabilities, state.kind, needs),
  })
  const { idToken, response, ...access } = token
  let user: User | undefined
  if (idToken !== undefined) user = await identify({ ehr, configuration, idToken, nonce: state.nonce })
  const { patient, ...context } = contextIn(response)
  if (patient === undefined) throw new SmartFailure('no-patient', undefined, ehr.iss)
  const capabilities = [...configuration.capabilities]
  return {
    ehr,
    launch: { iss: ehr.iss, patient, context, ...(user ? { user } : {}), token: access, capabilities },
  }
}

/** R11: the state is ours, in time, of this browser, and of the EHR whose address it came back to. */
function recognise(
  { states, ehrs, now }: SignInSettings,
  { answer, browser, callback }: Came,
): { ehr: Ehr; state: State } {
  if (answer.state === undefined) throw new SmartFailure('unknown-state', 'no-state')
  const state = states.read(answer.state)
  if (!state || state.until <= now()) throw new SmartFailure('unknown-state', 'unknown')
  const ehr = ehrs.all().find(({ iss }) => isFor(state, iss))
  if (!ehr) throw new SmartFailure('unknown-ehr')
  if (browser === undefined) throw new SmartFailure('unknown-state', 'no-cookie', ehr.iss)
  if (!isSame(browser, state.browser)) throw new SmartFailure('unknown-state', 'other-browser', ehr.iss)
  // One EHR must not hand over what another was asked for (mix-up).
  if (callback !== ehr.callback) throw new SmartFailure('unknown-state', 'other-ehr', ehr.iss)
  return { ehr, state }
}

/**
 * RFC 9207: a server that says whose answer it is says so truly, and one that promised to does. Of a server that names
 * no issuer (SMART 1.0) there is nothing to compare with; the address that it came back to is its own.
 */
function requireIssuer(
  named: string | undefined,
  { issuer, namesItself }: SmartConfiguration,
  ehr: Ehr,
): void {
  if (named === undefined && namesItself) throw new SmartFailure('unknown-state', 'no-issuer', ehr.iss)
  if (named === undefined || issuer === undefined) return
  const isSo = named.length <= longest.url && withoutClosingSlashes(named) === withoutClosingSlashes(issuer)
  if (!isSo) throw new SmartFailure('unknown-state', 'other-issuer', ehr.iss)
}
