/** Makes the SMART app of what the process and the site have set: secrets, keys, the database of its launches. */

import { dirname, resolve } from 'node:path'
import type { FastifyPluginAsync } from 'fastify'
import { type AppSetup, appPages } from './app-pages.ts'
import { withoutClosingSlashes } from './bounds.ts'
import { type EvaluationBook, evaluationBook, keepEvaluations } from './checklist/why/evaluations.ts'
import type { KeepEvaluation } from './evaluate.ts'
import type { Route } from './http/places.ts'
import type { Content } from './pathway/content.ts'
import { type Config, ConfigError, readSecret } from './site/environment.ts'
import type { EhrSettings, SmartSettings } from './site/smart.ts'
import type { Ehr } from './smart/launch/ehrs.ts'
import { type KeyRing, keysRoute, readKeyRing, UnfitKeys } from './smart/launch/keys.ts'
import { openSmart } from './smart/open-smart.ts'
import type { Log } from './store/database.ts'
import { keyFrom } from './store/seal.ts'
import type { Store, Stores } from './store/store.ts'

interface SmartStart {
  config: Config
  /** Folder to which the files that site.yaml names are relative. */
  root: string
  /** What the site set. */
  site: SmartSettings | undefined
  /** What the site set, or what a developer's tool registered where it set nothing. */
  registration: SmartSettings | undefined
  pages: AppSetup
  stores: Stores
}

interface StartedSmart {
  part?: FastifyPluginAsync
  /** Beside those of launches: what their links open in windows of their own. */
  routes: readonly Route[]
}

/** Where no EHR is registered nothing but our public keys, if there are any. Throws a ConfigError. */
export function startSmart({ config, root, site, registration, pages, stores }: SmartStart): StartedSmart {
  if (!registration) {
    const keys = keysOf(config)
    return { routes: keys ? [keysRoute(keys.published)] : [] }
  }
  const folder = config.siteFile === undefined ? root : dirname(config.siteFile)
  const known = site?.ehrs.map((ehr) => withSecret(ehr, folder))
  const keys = keysOf(config)
  if (!keys && known?.some(({ client }) => client.type === 'asymmetric')) {
    throw new ConfigError(
      'SMART_KEYS_FILE: An EHR in site.yaml has an asymmetric client: name the file with its private keys. `npm run smart-keys` makes one.',
    )
  }
  const { routes, ...app } = appPages(pages)
  const part = openSmart({
    ehrs: () => known ?? registration.ehrs,
    publicUrl: () => withoutClosingSlashes(registration['public-url']),
    ...(keys ? { keys } : {}),
    stores,
    ...(config.smartSessionKey ? { stateKey: keyFrom(config.smartSessionKey, 'states') } : {}),
    ...app,
    now: pages.now,
  })
  return { part, routes }
}

function withSecret(ehr: EhrSettings, folder: string): Ehr {
  const file = ehr.client['secret-file']
  return file === undefined
    ? ehr
    : { ...ehr, secret: readSecret('site.yaml: secret-file', resolve(folder, file)) }
}

/** Throws a ConfigError. */
export function keysOf({ smartKeysFile }: Pick<Config, 'smartKeysFile'>): KeyRing | undefined {
  if (smartKeysFile === undefined) return undefined
  try {
    return readKeyRing(readSecret('SMART_KEYS_FILE', smartKeysFile))
  } catch (error) {
    if (error instanceof UnfitKeys) throw new ConfigError(`SMART_KEYS_FILE: The file ${error.message}.`)
    throw error
  }
}

/** What cards rest on, for the page that says why; kept where there is an app that shows it and the site wants it. */
export function openEvaluations(
  { site, pathway: { version } }: Pick<Content, 'site' | 'pathway'>,
  bases: Pick<Store, 'put' | 'get'>,
  registration: SmartSettings | undefined,
  now: () => Date,
  log: Log,
): { evaluations: EvaluationBook; keep?: KeepEvaluation } {
  const hours = site['why-hours']
  const evaluations = evaluationBook(bases, hours, () => now().getTime())
  if (hours === 0 || !registration) return { evaluations }
  const onlyServer = () => {
    const [ehr, ...others] = registration.ehrs
    return others.length === 0 ? ehr?.iss : undefined
  }
  const onFailure = (reason: string) => log.warn({ outcome: 'evaluation-not-kept', reason })
  return { evaluations, keep: keepEvaluations({ book: evaluations, version, now, onlyServer, onFailure }) }
}
