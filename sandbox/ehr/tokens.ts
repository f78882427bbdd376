/** The keys with which the sandbox signs its calls, so that the service really verifies somebody. Made at the start. */
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'

/** Which kind of EHR the sandbox pretends to be. */
export const clientProfiles = ['standard', 'epic'] as const
export type ClientProfile = (typeof clientProfiles)[number]

interface Signer {
  alg: 'ES384' | 'RS384'
  /** Public, with its `kid`. */
  jwk: JWK
  /** A token for one call of `audience`, the exact address that is called (SEC-5). */
  sign(claims: {
    issuer: string
    audience: string
    id: string
    now: Date
    tenant?: string | undefined
  }): Promise<string>
}

export type Signers = Readonly<Record<ClientProfile, Signer>>

/** ES384 as CDS Hooks recommends (SEC-6), and RS384 as Epic signs; both in memory only. */
export async function makeSigners(): Promise<Signers> {
  const [standard, epic] = await Promise.all([signer('ES384', 0, 300), signer('RS384', 300, 900)])
  return { standard, epic }
}

/** `early` and `late`: how many seconds before and after now a token is good. */
async function signer(alg: Signer['alg'], early: number, late: number): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair(alg)
  const bare = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(bare)
  return {
    alg,
    jwk: { ...bare, kid, alg, use: 'sig' },
    sign: ({ issuer, audience, id, now, tenant }) => {
      const second = Math.floor(now.getTime() / 1000)
      const token = new SignJWT({
        ...(early > 0 ? { nbf: second - early, sub: issuer } : {}),
        ...(tenant === undefined ? {} : { tenant }),
      })
        .setProtectedHeader({ alg, kid, typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(second)
        .setExpirationTime(second + late)
        .setJti(id)
      return token.sign(privateKey)
    },
  }
}
