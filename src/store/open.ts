/** Opens the keyed store where the process was told to keep it. */
import { type Config, ConfigError } from '../site/environment.ts'
import type { Log } from './database.ts'
import { openPostgresStores } from './postgres.ts'
import { memoryStores, type Stores } from './store.ts'

interface OpenStores extends Stores {
  close(): Promise<void>
}

/**
 * In the database where there is one and a key to seal what is put there; otherwise in this process. Throws a
 * ConfigError, or StoreUnavailable when the database cannot be reached.
 */
export async function openStores(
  config: Config,
  hasApp: boolean,
  now: () => Date,
  log: Log,
): Promise<OpenStores> {
  const { databaseUrl, smartSessionKey: key } = config
  const inMemory = () => ({ ...memoryStores(() => now().getTime()), close: async () => undefined })
  if (databaseUrl === undefined) return inMemory()
  if (!key) {
    if (!hasApp) return inMemory()
    throw new ConfigError(
      'SMART_SESSION_KEY: With DATABASE_URL launches are kept there, encrypted: set the key. `npm run smart-keys -- --session` makes one.',
    )
  }
  return openPostgresStores({ connectionString: databaseUrl, key, now: () => now().getTime(), log })
}
