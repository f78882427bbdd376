/** What it costs to verify a caller, by algorithm: the whole of it, signature, claims and the memory of used tokens. */
import { randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { callersSchema } from '../src/site/callers.ts'
import { MemoryReplay } from '../src/trust/replay.ts'
import { createVerifier } from '../src/trust/verify.ts'
import { table } from '../tests/support/table.ts'
import { us } from './numbers.ts'

const issuer = 'https://ehr.example.org'
const publicUrl = 'https://cds.example.org'
const url = '/cds-services/lumbar-order-sign'

export async function timeVerification(count: number): Promise<string> {
  const rows = [['algorithm', 'CPU a call']]
  for (const alg of ['ES384', 'RS384', 'ES256']) rows.push([alg, us(await cpuOf(alg, count))])
  return `CPU of verifying a caller, over ${count} calls each\n\n${table(rows)}`
}

/** µs */
async function cpuOf(alg: string, count: number): Promise<number> {
  const { publicKey, privateKey } = await generateKeyPair(alg)
  const kid = randomUUID()
  const callers = callersSchema.parse({
    'public-url': publicUrl,
    issuers: [{ iss: issuer, algorithms: [alg], jwks: { keys: [{ ...(await exportJWK(publicKey)), kid }] } }],
  })
  const now = () => new Date()
  const quiet = { info: () => undefined, warn: () => undefined }
  const fetchKeys = async () => ({ keys: [] })
  const verify = createVerifier({
    callers,
    publicUrl,
    now,
    elapsed: () => performance.now(),
    fetchKeys,
    replay: new MemoryReplay({ now, elapsed: () => performance.now() }),
    log: quiet,
  })
  const tokens = await Promise.all(
    Array.from({ length: count + 50 }, () =>
      new SignJWT({ iss: issuer, aud: publicUrl + url, jti: randomUUID() })
        .setProtectedHeader({ alg, kid, typ: 'JWT' })
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(privateKey),
    ),
  )
  for (const token of tokens.splice(0, 50)) await verify({ authorization: `Bearer ${token}`, url })
  const before = process.cpuUsage()
  for (const token of tokens) await verify({ authorization: `Bearer ${token}`, url })
  const { user, system } = process.cpuUsage(before)
  return (user + system) / count
}
