/** A key server for tests of what is remembered: no network, and a clock that tests move. */
import { createKeyStore, type FetchKeys } from '../../src/trust/key-store.ts'
import { Clock, jwksUrl, type Key, published } from './support.ts'

/** A key server that can be told what to publish, and to fail. */
export function keyServer(...keys: Key[]) {
  const server = {
    clock: new Clock(),
    log: [] as object[],
    asked: 0,
    keys,
    up: true,
    slow: undefined as unknown,
  }
  const fetchKeys: FetchKeys = async () => {
    server.asked += 1
    await server.slow
    if (!server.up) throw Object.assign(new Error('down'), { code: 'no-answer' })
    return published(...server.keys)
  }
  const log = { info: (line: object) => server.log.push(line), warn: (line: object) => server.log.push(line) }
  const store = createKeyStore({ url: jwksUrl, fetchKeys, elapsed: server.clock.elapsed, log })
  const find = async (kid: string) => {
    const found = await store('ES384', kid)
    return typeof found === 'string' ? found : 'found'
  }
  return { server, find }
}

/** In which of 240 seconds, with a call in each, the server was asked. */
export async function askedDuring(server: { asked: number; clock: Clock }, call: () => Promise<string>) {
  const seconds: number[] = []
  for (let second = 0; second < 240; second += 1) {
    const before = server.asked
    await call()
    if (server.asked > before) seconds.push(second)
    server.clock.pass(1)
  }
  return seconds
}
