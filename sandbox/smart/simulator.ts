/** A SMART authorization server for trying the app out: it lets everybody in and checks the app strictly. Never beside patients. */
import { contextAnswer, idToken, type Keys, newKeys, type Places, tokenUrl } from './answers.ts'
import { type Asked, checkAuthorization, checkCode, checkRefresh } from './checks.ts'
import { authenticate, type Client, type Form, Wrong } from './clients.ts'
import type { Fault } from './faults.ts'
import { type Access, type Context, type Grant, Shelf } from './state.ts'

/** Life of a token, in seconds. */
const accessLife = 3600

interface SimulatorSettings {
  /** Nobody is asked for a password here. */
  isProduction: boolean
  /** Asked for at each request: the sandbox knows its address once it listens. */
  places: () => Places
  clients: () => readonly Client[]
  now: () => Date
  /** Made anew when left out, which takes a moment. */
  keys?: Promise<Keys>
}

export interface Simulator {
  places: () => Places
  /** What is going wrong; to be added to and taken from. */
  faults: Set<Fault>
  keys: Promise<Keys>
  /** Gives the `launch` of an EHR launch. */
  newLaunch(context: Context): string
  /** Throws Wrong. */
  authorize(query: Form): Asked
  /** Where the browser goes with a code. */
  approve(asked: Asked, context: Context): string
  /** Throws Wrong. */
  token(form: Form, authorization: string | undefined): Promise<Record<string, unknown>>
  /** What a FHIR request with this header may do; undefined when it may do nothing. */
  access(authorization: string | undefined): Access | undefined
}

/** Throws in production. */
export function createSimulator(settings: SimulatorSettings): Simulator {
  if (settings.isProduction) throw new Error('The SMART simulator is for development: it lets everybody in.')
  const { places, clients, now } = settings
  const faults = new Set<Fault>()
  const launches = new Shelf<Context>()
  const codes = new Shelf<Grant>()
  const refreshTokens = new Shelf<Grant>()
  const accesses = new Shelf<Access>()
  const usedAssertions = new Shelf<true>()
  const { keys = newKeys() } = settings

  async function token(form: Form, authorization: string | undefined) {
    const client = await authenticate(clients(), {
      form,
      authorization,
      tokenUrl: tokenUrl(places()),
      now: now(),
      usedAssertions,
      secretMayBePosted: faults.has('only-posted-secret'),
    })
    if (faults.has('refused-token')) throw new Wrong('invalid_grant', 'a fault is on')
    if (form.grant_type === 'authorization_code') {
      return answer(checkCode(form, codes.take(form.code), client), true)
    }
    if (form.grant_type !== 'refresh_token')
      throw new Wrong('unsupported_grant_type', 'grant_type is unknown')
    return answer(checkRefresh(form, refreshTokens.take(form.refresh_token), client), false)
  }

  async function answer(grant: Grant, isFirst: boolean): Promise<Record<string, unknown>> {
    const scope = faults.has('fewer-scopes') ? withoutWriting(grant.scope) : grant.scope
    const life = faults.has('expired-token') ? 1 : accessLife
    const expiresAt = now().getTime() + life * 1000
    const access = accesses.keep({ scope, context: grant.context, expiresAt })
    const isLasting = /\b(online|offline)_access\b/.test(grant.scope)
    const isNamed = isFirst && /\bopenid\b/.test(grant.scope) && !faults.has('no-id-token')
    return {
      ...(faults.has('no-access-token') ? {} : { access_token: access }),
      token_type: typeOf(faults),
      ...(faults.has('no-expires-in') ? {} : { expires_in: life }),
      ...(faults.has('no-scope') ? {} : { scope }),
      ...(isLasting ? { refresh_token: refreshTokens.keep(grant) } : {}),
      ...(isNamed ? { id_token: await idToken(grant, places(), await keys, faults, now()) } : {}),
      ...contextAnswer(grant.context, faults),
    }
  }

  return {
    places,
    faults,
    keys,
    newLaunch: (context) => launches.keep(context),
    authorize: (query) => checkAuthorization(query, { clients: clients(), launches, base: places().base }),
    approve: ({ state, ...asked }, context) =>
      comeBack(asked.redirectUri, { state, issuer: places().issuer }, faults, () =>
        codes.keep({ ...asked, context }),
      ),
    token,
    access: (authorization) => {
      const found = accesses.find(/^Bearer (\S+)$/i.exec(authorization ?? '')?.[1])
      const isGood = found !== undefined && found.expiresAt > now().getTime() && !faults.has('revoked-token')
      return isGood ? found : undefined
    },
  }
}

function withoutWriting(scope: string): string {
  return scope
    .split(' ')
    .filter((each) => !/\.(write|[ruds]*c[ruds]*)$/.test(each))
    .join(' ')
}

function typeOf(faults: ReadonlySet<Fault>): string {
  if (faults.has('other-token-type')) return 'MAC'
  return faults.has('lower-case-bearer') ? 'bearer' : 'Bearer'
}

/** RFC 9207: the answer says whose it is. */
function comeBack(
  redirectUri: string,
  { state, issuer }: { state: string; issuer: string },
  faults: ReadonlySet<Fault>,
  code: () => string,
): string {
  const url = new URL(redirectUri)
  url.searchParams.set('state', faults.has('wrong-state') ? 'x'.repeat(43) : state)
  const named = faults.has('other-response-issuer') ? 'https://other.example.org' : issuer
  if (!faults.has('no-response-issuer')) url.searchParams.set('iss', named)
  if (faults.has('error-callback')) url.searchParams.set('error', 'access_denied')
  else if (faults.has('hostile-callback')) {
    url.searchParams.set('error', '<script>alert(1)</script>')
    url.searchParams.set('error_description', '<img src=x onerror=alert(1)>')
  } else if (!faults.has('no-code')) url.searchParams.set('code', code())
  return url.href
}
