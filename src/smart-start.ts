/** Makes the SMART app of what the process and the site have set: secrets, keys, the database of its launches. */
import { dirname, resolve } from 'node:path'
import type { FastifyPluginAsync } from 'fastify'
import { readSecret } from './config/secrets.ts'
import { type Config, ConfigError } from './config.ts'
import type { EhrSettings, SmartSettings } from './content/smart.ts'
import type { Ehr } from './smart/launch/ehrs.ts'
import { type KeyRing, readKeyRing, UnfitKeys } from './smart/launch/keys.ts'
import { openSmart, type SmartSetup } from './smart/open-smart.ts'
import { type Log, openPostgresStores, type PostgresStores } from './smart/store/postgres.ts'

export interface SmartStart {
  config: Config
  /** Folder to which the files that site.yaml names are relative. */
  root: string
  smart: SmartSettings
  pages?: NonNullable<SmartSetup['pages']>
  now: () => Date
  log: Log
}

export interface StartedSmart {
  part: FastifyPluginAsync
  close(): Promise<void>
}

/** Throws a ConfigError, or SmartFailure when the database cannot be reached. */
export async function startSmart({
  config,
  root,
  smart,
  pages,
  now,
  log,
}: SmartStart): Promise<StartedSmart> {
  const folder = config.siteFile === undefined ? root : dirname(config.siteFile)
  const ehrs = smart.ehrs.map((ehr) => withSecret(ehr, folder))
  const keys = keysOf(config)
  if (!keys && ehrs.some(({ client }) => client.type === 'asymmetric')) {
    throw new ConfigError(
      'SMART_KEYS_FILE: An EHR in site.yaml has an asymmetric client: name the file with its private keys. `npm run smart-keys` makes one.',
    )
  }
  const stores = await storesOf(config, now, log)
  const publicUrl = smart['public-url'].replace(/\/+$/, '')
  return {
    part: openSmart({
      ehrs: () => ehrs,
      publicUrl: () => publicUrl,
      ...(keys ? { keys } : {}),
      ...(stores ? { stores } : {}),
      ...(pages ? { pages } : {}),
      now,
    }),
    close: async () => stores?.close(),
  }
}

function withSecret(ehr: EhrSettings, folder: string): Ehr {
  const file = ehr.client['secret-file']
  return file === undefined
    ? ehr
    : { ...ehr, secret: readSecret('site.yaml: secret-file', resolve(folder, file)) }
}

function keysOf({ smartKeysFile }: Config): KeyRing | undefined {
  if (smartKeysFile === undefined) return undefined
  try {
    return readKeyRing(readSecret('SMART_KEYS_FILE', smartKeysFile))
  } catch (error) {
    if (error instanceof UnfitKeys) throw new ConfigError(`SMART_KEYS_FILE: The file ${error.message}.`)
    throw error
  }
}

async function storesOf(config: Config, now: () => Date, log: Log): Promise<PostgresStores | undefined> {
  const { databaseUrl, smartSessionKey: key } = config
  if (databaseUrl === undefined) return undefined
  if (!key) {
    throw new ConfigError(
      'SMART_SESSION_KEY: With DATABASE_URL launches are kept there, encrypted: set the key. `npm run smart-keys -- --session` makes one.',
    )
  }
  return openPostgresStores({ connectionString: databaseUrl, key, now: () => now().getTime(), log })
}
