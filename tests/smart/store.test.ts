/** Where launches are kept: in memory with bounds, and in a database that reads as noise. */
import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPostgresStores } from '../../src/store/postgres.ts'
import { sealer } from '../../src/store/seal.ts'
import { memoryStores, type Store, type Stores } from '../../src/store/store.ts'
import { Clock } from '../trust/support.ts'
import { admin, databaseUrl, reachable, schema } from './database.ts'

const clock = new Clock()
const now = () => clock.time
const in10min = () => clock.time + 600_000
const key = randomBytes(32)

function openDatabase(secret = key) {
  return openPostgresStores({
    connectionString: databaseUrl(),
    key: secret,
    now,
    log: { info: () => undefined, warn: () => undefined },
  })
}

/** What every store does. */
function behaves(open: () => Promise<Stores>) {
  const id = () => randomUUID()

  test('gives back what was kept, until it ends', async () => {
    const { launches } = await open()
    const name = id()
    await launches.put(name, 'one', in10min())
    await launches.put(name, 'two', in10min())
    expect(await launches.get(name)).toBe('two')
    clock.pass(600)
    expect([await launches.get(name), await launches.take(name)]).toEqual([undefined, undefined])
  })

  test('gives a thing once, also when it is asked for twice at a time', async () => {
    const { used } = await open()
    const name = id()
    await used.put(name, 'text', in10min())
    const taken = await Promise.all([used.take(name), used.take(name), used.take(name)])
    expect(taken.filter((text) => text !== undefined)).toEqual(['text'])
  })

  test('R24: lets one alone claim a thing, until the claim ends', async () => {
    const { launches } = await open()
    const name = id()
    const claims = await Promise.all([1, 2, 3].map(() => launches.claim(name, in10min())))
    expect(claims.filter(Boolean)).toEqual([true])
    clock.pass(600)
    expect(await launches.claim(name, in10min())).toBe(true)
  })

  test('keeps states and launches of one name apart', async () => {
    const { used, launches } = await open()
    const name = id()
    await used.put(name, 'used', in10min())
    await launches.put(name, 'launch', in10min())
    expect([await used.get(name), await launches.get(name)]).toEqual(['used', 'launch'])
  })
}

describe('in memory', () => {
  behaves(async () => memoryStores(now))

  test('there is an end to what is kept: the oldest goes', async () => {
    const { used } = memoryStores(now, { used: 3, launches: 3, kept: 3 })
    for (const name of ['a', 'b', 'c', 'd']) await used.put(name, name, in10min())
    expect(await Promise.all(['a', 'b', 'd'].map((name) => used.get(name)))).toEqual([undefined, 'b', 'd'])
  })
})

describe('what is sealed', () => {
  const { nameOf, seal, open } = sealer(key, 'launch')
  const name = nameOf('an id')

  test('opens with its key and its name alone', () => {
    const sealed = seal(name, 'a token')
    expect(open(name, sealed)).toBe('a token')
    expect(open(nameOf('another id'), sealed)).toBeUndefined()
    expect(sealer(randomBytes(32), 'launch').open(name, sealed)).toBeUndefined()
    expect(sealer(key, 'pending').open(name, sealed)).toBeUndefined()
    const last = sealed.length - 1
    sealed.writeUInt8(sealed.readUInt8(last) ^ 1, last)
    expect(open(name, sealed)).toBeUndefined()
  })

  test('is never the same twice, and too short a text is none', () => {
    expect(seal(name, 'a token').equals(seal(name, 'a token'))).toBe(false)
    expect(open(name, Buffer.from('short'))).toBeUndefined()
  })
})

describe.skipIf(!reachable)('in PostgreSQL', () => {
  let stores: Awaited<ReturnType<typeof openPostgresStores>>
  beforeAll(async () => {
    await admin(`create schema ${schema}`)
    stores = await openDatabase()
  })
  afterAll(async () => {
    await stores.close()
    await admin(`drop schema ${schema} cascade`)
  })

  behaves(async () => stores)

  test('two processes know the launches of one another', async () => {
    const other = await openDatabase()
    await stores.launches.put('shared', 'text', in10min())
    expect(await other.launches.get('shared')).toBe('text')
    const taken = await Promise.all([stores.launches.take('shared'), other.launches.take('shared')])
    expect(taken.filter(Boolean)).toEqual(['text'])
    await other.close()
  })

  test('no word of a launch can be read in the database, nor with another key', async () => {
    await stores.launches.put('telling-id', '{"access":"telling-token","patient":"telling"}', in10min())
    const { rows } = await admin(
      `select encode(id, 'escape') || encode(sealed, 'escape') as row from ${schema}.lumbar_smart_launches`,
    )
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toContain('telling')
    const stranger = await openDatabase(randomBytes(32))
    expect(await stranger.launches.get('telling-id')).toBeUndefined()
    await stranger.close()
  })

  test('what has ended is deleted after some minutes', async () => {
    const count = async () =>
      Number((await admin(`select count(*) from ${schema}.lumbar_smart_launches`)).rows[0].count)
    clock.pass(86_400)
    const keep = (store: Store) => store.put('late', 'text', in10min())
    await keep(stores.launches)
    await expect.poll(count).toBe(1)
  })
})

test('a database that is away is told as such', async () => {
  const settings = { key, now, log: { info: () => undefined, warn: () => undefined } }
  const opening = openPostgresStores({ ...settings, connectionString: 'postgres://root@127.0.0.1:1/test' })
  await expect(opening).rejects.toMatchObject({ code: 'store-unavailable', detail: 'ECONNREFUSED' })
})
