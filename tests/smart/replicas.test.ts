/** Two processes of the real service that share a database: what one begins the other finishes, and neither writes a word of it. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Service, startService } from '../support/service.ts'
import { Browser } from './browser.ts'
import { admin, databaseUrl, reachable, schema } from './database.ts'
import { type Hospital, openHospital } from './support.ts'

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

describe.skipIf(!reachable)('two processes that share a database', () => {
  let hospital: Hospital
  let here: Service
  let there: Service

  beforeAll(async () => {
    await admin(`create schema ${schema}`)
    const port = await freePort()
    const publicUrl = `http://127.0.0.1:${port}`
    hospital = await openHospital({ redirectUri: `${publicUrl}/smart/callback` })
    const client = { id: 'lumbar', type: 'public' }
    const site = {
      smart: { 'public-url': publicUrl, ehrs: [{ iss: hospital.iss, name: 'Hospital', client }] },
    }
    const env = {
      NODE_ENV: 'production',
      LOG_LEVEL: 'trace',
      DATABASE_URL: databaseUrl(),
      SMART_SESSION_KEY: randomBytes(32).toString('base64url'),
    }
    here = await startService(site, { ...env, PORT: String(port) })
    there = await startService(site, env)
  }, 120_000)
  afterAll(async () => {
    await Promise.all([here?.stop(), there?.stop(), hospital?.close()])
    await admin(`drop schema ${schema} cascade`)
  })

  test('R11: a sign-in that one began is finished by the other, once, and its chart opens at both', async () => {
    const browser = new Browser()
    const query = new URLSearchParams({
      iss: hospital.iss,
      launch: hospital.simulator.newLaunch({ patient: 'p1' }),
    })
    const begun = await browser.step(`${here.url}/smart/launch?${query}`)
    const allowed = await browser.step(begun.headers.get('location') ?? '')
    const callback = new URL(allowed.headers.get('location') ?? '')
    const cookie = browser.cookiesFor(callback)
    const finish = () =>
      fetch(`${there.url}${callback.pathname}${callback.search}`, { headers: { cookie }, redirect: 'manual' })
    const finished = await finish()
    const page = new URL(finished.headers.get('location') ?? '')
    expect([finished.status, page.origin]).toEqual([303, here.url])
    expect((await finish()).status).toBe(400)
    const launch =
      finished.headers
        .getSetCookie()
        .find((line) => line.includes('launch='))
        ?.split(';', 1)[0] ?? ''
    for (const { url } of [here, there]) {
      const opened = await fetch(url + page.pathname, { headers: { cookie: launch } })
      expect([opened.status, await opened.text()]).toEqual([200, expect.stringContaining('Ada Alpha')])
      expect((await fetch(url + page.pathname)).status).toBe(403)
    }
    const [, token = ''] = hospital.asked[0]?.authorization?.split(' ') ?? []
    const written = here.output() + there.output()
    expect(written).toContain('smart-launched')
    for (const secret of [token, callback.searchParams.get('code') ?? '', 'Ada Alpha', launch]) {
      expect(secret).not.toBe('')
      expect(written).not.toContain(secret)
    }
  })
})
