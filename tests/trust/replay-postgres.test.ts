/** The memory that several instances share, against a real PostgreSQL and one that fails. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ReplayStoreUnavailable } from '../../src/trust/failures.ts'
import { openPostgresReplay } from '../../src/trust/replay-postgres.ts'
import { Clock, hospital, letIn, newKey, outcome, token } from './support.ts'

const database = new URL(process.env.DATABASE_URL ?? 'postgres://root@127.0.0.1:5432/test')
const schema = `trust_${randomUUID().replaceAll('-', '')}`
const key = await newKey()

function isOpen({ hostname, port }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(port || 5432), hostname)
    const answer = (open: boolean) => () => {
      socket.destroy()
      resolve(open)
    }
    socket.on('connect', answer(true)).on('error', answer(false))
  })
}

const reachable = await isOpen(database)
if (!reachable)
  console.warn(`Not tested, because no PostgreSQL answers at ${database.host}: set DATABASE_URL.`)

async function admin(query: string) {
  const client = new Client({ connectionString: database.href })
  await client.connect()
  try {
    return await client.query(query)
  } finally {
    await client.end()
  }
}

/** In a schema of our own, so that runs do not meet. */
function open(clock: Clock, address = database, log: object[] = []) {
  const url = new URL(address)
  url.searchParams.set('options', `-c search_path=${schema}`)
  const write = (line: object) => log.push(line)
  return openPostgresReplay({ connectionString: url.href, now: clock.now, log: { info: write, warn: write } })
}

const use = (jti: string, until: Date, request?: string) => ({
  issuer: 'https://ehr.example.org',
  jti,
  until,
  request,
})
const later = (clock: Clock, seconds: number) => new Date(clock.time + seconds * 1000)

describe.skipIf(!reachable)('two instances that share a database', () => {
  beforeAll(() => admin(`create schema ${schema}`))
  afterAll(() => admin(`drop schema ${schema} cascade`))

  test('SEC-12: start together on an empty database', async () => {
    await admin(`drop table if exists ${schema}.lumbar_used_tokens`)
    const stores = await Promise.all(Array.from({ length: 4 }, () => open(new Clock())))
    await Promise.all(stores.map((store) => store.close()))
  })

  test('SEC-12: let a token in once between them, also when both are asked at once', async () => {
    const stores = await Promise.all([open(new Clock()), open(new Clock())])
    const [here, there] = stores.map((replay) => hospital([key], {}, { replay }))
    if (!here || !there) throw new Error('two hospitals were opened')
    const jwt = await token(key, here.clock)
    expect(await outcome(here.verify, jwt)).toEqual(letIn)
    expect(await outcome(there.verify, jwt)).toBe('replayed')
    const next = await token(key, here.clock)
    const calls = Array.from({ length: 10 }, () => [outcome(here.verify, next), outcome(there.verify, next)])
    const answers = await Promise.all(calls.flat())
    expect(answers.filter((answer) => answer !== 'replayed')).toEqual([letIn])
    await Promise.all(stores.map((store) => store.close()))
  })

  test('SEC-12: let the same request in again where that is allowed, and no other', async () => {
    const clock = new Clock()
    const [here, there] = await Promise.all([open(clock), open(clock)])
    const name = randomUUID()
    const end = later(clock, 300)
    expect(await here.seen(use(name, end, 'request'))).toBe(false)
    expect(await there.seen(use(name, end, 'request'))).toBe(false)
    expect(await there.seen(use(name, end, 'other'))).toBe(true)
    expect(await here.seen(use(name, end, 'other'))).toBe(true)
    expect(await here.seen(use(name, end))).toBe(true)
    await Promise.all([here.close(), there.close()])
  })

  test('SEC-12: ask for many tokens at once in a few statements, and each is answered for itself', async () => {
    const clock = new Clock()
    const { address, asked } = await cable()
    const [here, there] = await Promise.all([open(clock, address), open(clock)])
    const end = later(clock, 300)
    const names = Array.from({ length: 500 }, () => randomUUID())
    for (const name of names.slice(0, 100)) await there.seen(use(name, end, 'request'))
    const before = asked()
    const answers = await Promise.all([
      ...names.map((name) => here.seen(use(name, end, 'request'))),
      ...names.map((name) => here.seen(use(name, end, 'other'))),
      ...names.slice(0, 100).map((name) => here.seen(use(name, end))),
    ])
    expect(answers).toEqual(answers.map((_, at) => at >= 500))
    expect(asked() - before).toBeLessThan(40)
    await Promise.all([here.close(), there.close()])
  })

  test('SEC-11: keep no word of a token in the database', async () => {
    const replay = await open(new Clock())
    const { verify, clock } = hospital([key], { replay: 'allow-same-request' }, { replay })
    const jwt = await token(key, clock, { jti: 'a-telling-name' })
    await outcome(verify, jwt)
    const { rows } = await admin(`select t::text, encode(key, 'escape') || encode(request, 'escape') as e
      from ${schema}.lumbar_used_tokens t where request is not null`)
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toMatch(/telling|ehr\.example|eyJ/)
    await replay.close()
  })

  test('BEST-2: are asked whether they are ready without a row being written', async () => {
    const replay = await open(new Clock())
    const count = async () =>
      Number((await admin(`select count(*) from ${schema}.lumbar_used_tokens`)).rows[0].count)
    const before = await count()
    for (let asked = 0; asked < 20; asked += 1) await replay.ready()
    expect(await count()).toBe(before)
    await replay.close()
  })

  test('SEC-9: delete nothing while one of the clocks says that it is still good', async () => {
    const clock = new Clock()
    clock.time = Date.now()
    const replay = await open(clock)
    const name = randomUUID()
    const end = later(clock, 300)
    await replay.seen(use(name, end))
    clock.set(86_400)
    await replay.seen(use(randomUUID(), later(clock, 300)))
    await new Promise((resolve) => setTimeout(resolve, 200))
    clock.set(-86_400)
    expect(await replay.seen(use(name, end))).toBe(true)
    await replay.close()
  })

  test('SEC-9: delete what has expired, some minutes after, and nothing else', async () => {
    await admin(`delete from ${schema}.lumbar_used_tokens`)
    const clock = new Clock()
    const replay = await open(clock)
    const count = async () =>
      Number((await admin(`select count(*) from ${schema}.lumbar_used_tokens`)).rows[0].count)
    await replay.seen(use('short', later(clock, 60)))
    await replay.seen(use('long', later(clock, 3600)))
    clock.pass(359)
    await replay.seen(use('another', later(clock, 3600)))
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect([await count(), await replay.seen(use('short', later(clock, 60)))]).toEqual([3, true])
    clock.pass(301)
    await replay.seen(use('another', later(clock, 3600)))
    await expect.poll(count).toBe(2)
    expect(await replay.seen(use('long', later(clock, 3600)))).toBe(true)
    await replay.close()
  })
})

/** Stands between us and the database, and can be cut or fall silent. */
async function cable() {
  const sockets = new Set<Socket>()
  let silent = false
  let asked = 0
  const server = createServer((near) => {
    const far = connect(Number(database.port || 5432), database.hostname)
    for (const [from, to] of [[near, far] as const, [far, near] as const]) {
      sockets.add(from)
      from.on('data', (bytes) => {
        if (from === near) asked += 1
        if (!silent) to.write(bytes)
      })
      from.on('error', () => {}).on('close', () => to.destroy())
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const address = new URL(database)
  address.host = `127.0.0.1:${port}`
  const cut = () => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
    server.close()
  }
  const mend = async () => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  const silence = (now: boolean) => {
    silent = now
  }
  return { address, cut, mend, silence, asked: () => asked }
}

describe.skipIf(!reachable)('a database that fails', () => {
  beforeAll(() => admin(`create schema ${schema}`))
  afterAll(() => admin(`drop schema ${schema} cascade`))

  test('SEC-12: lets nobody in while it is away, does not end the process, and is used again when it is back', async () => {
    const { address, cut, mend } = await cable()
    const log: object[] = []
    const replay = await open(new Clock(), address, log)
    const { verify, clock } = hospital([key], {}, { replay })
    const used = await token(key, clock)
    expect(await outcome(verify, used)).toEqual(letIn)
    cut()
    await expect
      .poll(() => log)
      .toContainEqual(expect.objectContaining({ outcome: 'replay-store-connection-lost' }))
    await expect(outcome(verify, await token(key, clock))).rejects.toThrow(ReplayStoreUnavailable)
    await expect(replay.ready()).rejects.toThrow()
    const started = performance.now()
    for (let calls = 0; calls < 20; calls += 1) {
      await expect(outcome(verify, used)).rejects.toThrow(ReplayStoreUnavailable)
    }
    expect(performance.now() - started).toBeLessThan(200)
    await mend()
    const again = () => outcome(verify, used).catch(() => 'away')
    await expect.poll(again, { timeout: 15_000 }).toBe('replayed')
    expect(log).toContainEqual({ outcome: 'replay-store-back' })
    expect(await outcome(verify, await token(key, clock))).toEqual(letIn)
    await replay.ready()
    await replay.close()
    cut()
  })

  test('SEC-12: is waited for once when it falls silent: those who come after are refused at once', async () => {
    const { address, cut, silence } = await cable()
    const replay = await open(new Clock(), address)
    silence(true)
    await expect(replay.seen(use(randomUUID(), new Date()))).rejects.toThrow(ReplayStoreUnavailable)
    const started = performance.now()
    await expect(replay.seen(use(randomUUID(), new Date()))).rejects.toThrow(ReplayStoreUnavailable)
    expect(performance.now() - started).toBeLessThan(100)
    cut()
    await replay.close()
  })

  test('SEC-12: is not waited for longer than a second or so', async () => {
    const { address, cut, silence } = await cable()
    const replay = await open(new Clock(), address)
    silence(true)
    const started = Date.now()
    await expect(replay.seen(use(randomUUID(), new Date()))).rejects.toThrow(ReplayStoreUnavailable)
    expect(Date.now() - started).toBeLessThan(2500)
    cut()
    await replay.close()
  })
})

test('SEC-12: without a database at the start nothing is opened, and it is said why', async () => {
  const nowhere = new URL('postgres://root@127.0.0.1:1/test')
  await expect(open(new Clock(), nowhere)).rejects.toMatchObject({ code: 'replay-store-unavailable' })
})
