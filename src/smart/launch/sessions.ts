/** Launches while they last: each has an address and a cookie of its own, so that two open charts cannot mix (F9). */
import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ask } from '../../net/asker.ts'
import type { Store } from '../../store/store.ts'
import { SmartFailure } from '../failures.ts'
import { openChart } from '../fhir/client.ts'
import type { FindCreatable } from '../fhir/creatable.ts'
import type { Launch, LaunchContext } from '../launch.ts'
import type { Discover } from './discovery.ts'
import { allows, type Ehr, type Ehrs } from './ehrs.ts'
import type { User } from './id-token.ts'
import { digest, isLaunchId, isSame, newLaunchId, newSecret } from './states.ts'
import type { RequestToken, Token } from './token.ts'

export interface StoredLaunch {
  iss: string
  patient: string
  context: Omit<LaunchContext, 'patient'>
  user?: User
  token: Omit<Token, 'idToken' | 'response'>
  capabilities: string[]
  /** Digest of the cookie's value. */
  secret: string
}

/** How long a launch lasts at most when its token can be renewed, in ms. */
const longest = 8 * 3_600_000
/** A token that ends this soon is as good as ended, in ms. */
const margin = 10_000
/** How long one process waits for another to renew a token, in ms. */
const renewing = 15_000
const pause = 250

interface SessionSettings {
  ehrs: Ehrs
  launches: Store
  discover: Discover
  requestToken: RequestToken
  findCreatable: FindCreatable
  ask: Ask
  /** Path of the public address, as browsers see it: empty or `/lumbar`. */
  prefix: () => string
  /** In ms since 1970. */
  now: () => number
}

export interface Sessions {
  /** Gives the id of the launch and the value of its cookie. */
  begin(launch: Omit<StoredLaunch, 'secret'>): Promise<{ id: string; secret: string }>
  /** Throws SmartFailure `launch-ended`. */
  open(id: string, secret: string | undefined): Promise<Launch>
}

export function createSessions(settings: SessionSettings): Sessions {
  const { launches, now } = settings
  const renew = renewer(settings)

  async function open(id: string, secret: string | undefined): Promise<Launch> {
    const stored = isLaunchId(id) ? await load(launches, id) : undefined
    if (!stored || secret === undefined || !isSame(digest(secret), stored.secret)) {
      throw new SmartFailure('launch-ended', stored ? 'no-cookie' : 'unknown', stored?.iss)
    }
    const fresh = stored.token.expiresAt - margin > now() ? stored : await renew(id, stored)
    if (!fresh) throw new SmartFailure('launch-ended', 'expired', stored.iss)
    return toLaunch(settings, id, secret, fresh, renew)
  }

  return {
    open,
    begin: async (launch) => {
      const [id, secret] = [newLaunchId(), newSecret()]
      await save(settings, id, { ...launch, secret: digest(secret) })
      return { id, secret }
    },
  }
}

type Renew = (id: string, stored: StoredLaunch) => Promise<StoredLaunch | undefined>

async function load(launches: Store, id: string): Promise<StoredLaunch | undefined> {
  const text = await launches.get(id)
  return text === undefined ? undefined : (JSON.parse(text) as StoredLaunch)
}

async function save({ launches, now }: SessionSettings, id: string, stored: StoredLaunch): Promise<void> {
  const { expiresAt, refresh } = stored.token
  await launches.put(id, JSON.stringify(stored), refresh === undefined ? expiresAt : now() + longest)
}

/** R24: each refresh token is used once, by one process, also when several pages ask at once. */
function renewer(settings: SessionSettings): Renew {
  const { ehrs, launches, discover, requestToken, now } = settings

  async function renew(id: string, stored: StoredLaunch): Promise<StoredLaunch | undefined> {
    const { refresh } = stored.token
    const ehr = ehrs.find(stored.iss)
    if (refresh === undefined || !ehr) return undefined
    try {
      // Asked first: when the EHR is away nothing was sent yet, and the next page may try again.
      const configuration = await discover(ehr)
      // For good: a refresh token that may have been used is never sent again.
      const isOurs = await launches.claim(`renewal ${id} ${digest(refresh)}`, now() + longest)
      if (!isOurs) return await renewedElsewhere(id, stored)
      const grant = { grant_type: 'refresh_token', refresh_token: refresh }
      const asked = stored.token.scope
      const { idToken, response, ...token } = await requestToken({ ehr, configuration, grant, asked })
      const renewed = { ...stored, token: { refresh, ...token } }
      await save(settings, id, renewed)
      return renewed
    } catch (error) {
      if (error instanceof SmartFailure) return undefined
      throw error
    }
  }

  async function renewedElsewhere(id: string, stored: StoredLaunch): Promise<StoredLaunch | undefined> {
    for (let waited = 0; waited < renewing; waited += pause) {
      const current = await load(launches, id)
      if (current?.token.access !== stored.token.access) return current
      await sleep(pause)
    }
    return undefined
  }

  return renew
}

function toLaunch(
  settings: SessionSettings,
  id: string,
  secret: string,
  stored: StoredLaunch,
  renew: Renew,
): Launch {
  const { ehrs, ask, findCreatable, prefix } = settings
  const { iss, patient, context, user, capabilities } = stored
  const ehr = ehrs.find(iss)
  if (!ehr) throw new SmartFailure('launch-ended', 'unknown-ehr')
  let current = stored
  const access = async (stale?: string) => {
    if (stale !== undefined && stale === current.token.access) {
      const renewed = await renew(id, current)
      if (!renewed) return undefined
      current = renewed
    }
    return current.token.access
  }
  const may = (type: string, interaction: Parameters<Launch['allows']>[1]) =>
    allows(current.token.scope, type, interaction)
  return {
    ...context,
    id,
    path: `${prefix()}/smart/${id}/`,
    ehr: { iss, name: ehr.name, writeback: ehr.writeback, ...documentTypeOf(ehr) },
    patient,
    ...(user ? { user } : {}),
    capabilities: new Set(capabilities),
    allows: may,
    canCreate: async (type) => may(type, 'c') && (await findCreatable(iss)).has(type),
    fhir: openChart({ base: iss, patient, ask, access }),
    formToken: createHmac('sha256', secret).update('form').digest('base64url'),
  }
}

function documentTypeOf({ 'document-type': type }: Ehr): Pick<Ehr, 'document-type'> {
  return type === undefined ? {} : { 'document-type': type }
}
