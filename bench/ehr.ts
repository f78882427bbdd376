/** A hospital for the benchmark: what it sets in `site.yaml`, and the token that its EHR sends. */
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { exportJWK, type JWK, SignJWT } from 'jose'
import { stringify } from 'yaml'

const iss = 'https://ehr.example.org'
const audience = 'https://cds.example.org/lumbar-order-select'

/** Load is what is measured, so no call is sent away because of it. */
export const limits = { 'calls-per-minute': 0, 'event-loop-delay-ms': 0 }

export const openSite = stringify({ name: 'Bench', limits })

interface VerifiedSite {
  site: string
  authorization: string
}

/** RS384 is what Epic signs with. */
export async function signedToken(): Promise<{ jwk: JWK; authorization: string }> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const now = Math.floor(Date.now() / 1000)
  const token = await new SignJWT({ iss, aud: audience, iat: now, exp: now + 3600, jti: randomUUID() })
    .setProtectedHeader({ alg: 'RS384', kid: 'bench', typ: 'JWT' })
    .sign(privateKey)
  return { jwk: { ...(await exportJWK(publicKey)), kid: 'bench' }, authorization: `Bearer ${token}` }
}

/** One token for all calls, which the site allows: its signature, its times and its use are checked on each. */
export async function verifiedSite(): Promise<VerifiedSite> {
  const { jwk, authorization } = await signedToken()
  const issuer = {
    iss,
    jwks: { keys: [jwk] },
    audiences: [audience],
    replay: 'allow-same-request',
  }
  const callers = { 'public-url': 'https://cds.example.org', issuers: [issuer] }
  return { site: stringify({ name: 'Bench', limits, callers }), authorization }
}
