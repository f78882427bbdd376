/** Puts the SMART app together from what the server knows. */

import { randomBytes } from 'node:crypto'
import type { FastifyPluginAsync } from 'fastify'
import type { Patient } from 'fhir/r4.js'
import { withoutClosingSlashes } from '../bounds.ts'
import { partWithForms } from '../http/places.ts'
import { ask as askDirectly } from '../net/asker.ts'
import { memoryStores, type Stores } from '../store/store.ts'
import { createCreatable } from './fhir/creatable.ts'
import { createDiscovery } from './launch/discovery.ts'
import { callbackOf, type Ehr, type Needs, registeredEhrs } from './launch/ehrs.ts'
import { identifier } from './launch/id-token.ts'
import { type KeyRing, keysPath } from './launch/keys.ts'
import { createSessions } from './launch/sessions.ts'
import { signIn } from './launch/sign-in.ts'
import { signedStates } from './launch/states.ts'
import { tokenRequester } from './launch/token.ts'
import { chartPage, styleAddress } from './page.ts'
import { type LaunchPage, smartRoutes } from './routes.ts'

export interface SmartSetup {
  /** Asked for at the first request. */
  ehrs: () => readonly Ehr[]
  /** The address before `/smart` as browsers see it, without a slash at its end. Asked for at each request. */
  publicUrl: () => string
  /** Of asymmetric clients. */
  keys?: KeyRing
  /** By which sign-ins under way are signed, the same for all replicas; without it one of this process. */
  stateKey?: Buffer
  /** Without it launches are kept in memory. */
  stores?: Stores
  /** Below each launch; without any, a page that shows whose chart is open. */
  pages?: readonly LaunchPage[]
  /** What the pages read and create beyond patient, conditions and the record of a handout: for the scopes. */
  needs?: Needs
  now: () => Date
  /** For tests. */
  ask?: typeof askDirectly
}

export function openSmart(setup: SmartSetup): FastifyPluginAsync {
  const { publicUrl, keys, ask = askDirectly } = setup
  const ehrs = registeredEhrs(setup.ehrs)
  const now = () => setup.now().getTime()
  const { used, launches } = setup.stores ?? memoryStores(now)
  const discover = createDiscovery({ ask, now })
  const ownKeys = keys && { ring: keys, url: () => publicUrl() + keysPath }
  const requestToken = tokenRequester({ ask, keys: ownKeys, now: setup.now })
  const prefix = () => withoutClosingSlashes(new URL(publicUrl()).pathname)
  const routes = smartRoutes({
    ehrs,
    publicUrl,
    ...(keys ? { keys: keys.published } : {}),
    signIn: signIn({
      ehrs,
      discover,
      requestToken,
      identify: identifier({ ask, now: setup.now }),
      states: signedStates(setup.stateKey ?? randomBytes(32)),
      used,
      needs: setup.needs,
      redirectUri: (ehr) => publicUrl() + callbackOf(ehr),
      now,
    }),
    sessions: createSessions({
      ehrs,
      launches,
      discover,
      requestToken,
      findCreatable: createCreatable({ ask, now }),
      ask,
      prefix,
      now,
    }),
    pages: setup.pages ?? [wholePage(() => prefix() + styleAddress)],
  })
  return partWithForms(routes)
}

/** Until there is more to show. */
function wholePage(style: () => string): LaunchPage {
  return {
    method: 'GET',
    path: '',
    handler: async (launch, _request, reply) => {
      const patient = await launch.fhir.read<Patient>('Patient', launch.patient)
      return reply.type('text/html; charset=utf-8').send(chartPage(launch, patient, style()))
    },
  }
}
