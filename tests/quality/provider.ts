/** A small OpenID Connect provider that can be made to lie: another key, another nonce, another issuer, an old token. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'

interface Lies {
  claims?: JWTPayload
  /** Signs with a key that it does not publish. */
  forges?: boolean
  /** Leaves the signature away. */
  unsigned?: boolean
  state?: string
}

export interface Provider {
  issuer: string
  /** What the next sign-ins say of the person, and which of it is a lie. */
  person: JWTPayload
  lies: Lies
  /** Follows the address of a sign-in as a browser would, and returns what the provider sends back with it. */
  consent(place: string): Promise<string>
  close(): Promise<void>
}

export async function openProvider(client: string): Promise<Provider> {
  const [own, other] = await Promise.all([
    generateKeyPair('RS256', { extractable: true }),
    generateKeyPair('RS256'),
  ])
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }
  const asked = new Map<string, { nonce: string; challenge: string }>()
  const provider: Provider = {
    ...{ issuer: '', person: {}, lies: {} },
    consent: async (place) => {
      const { searchParams } = new URL(place)
      const code = `code-${asked.size}`
      asked.set(code, {
        nonce: searchParams.get('nonce') ?? '',
        challenge: searchParams.get('code_challenge') ?? '',
      })
      const state = provider.lies.state ?? searchParams.get('state') ?? ''
      return new URLSearchParams({ code, state }).toString()
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }

  async function token(request: IncomingMessage): Promise<object> {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const form = new URLSearchParams(body)
    const grant = asked.get(form.get('code') ?? '')
    const digest = await crypto.subtle.digest('SHA-256', Buffer.from(form.get('code_verifier') ?? ''))
    if (!grant || Buffer.from(digest).toString('base64url') !== grant.challenge)
      throw new Error('invalid_grant')
    const seconds = Math.floor(Date.now() / 1000)
    const { claims, forges, unsigned } = provider.lies
    const payload: JWTPayload = {
      ...{
        iss: provider.issuer,
        aud: client,
        sub: 'person-1',
        nonce: grant.nonce,
        iat: seconds,
        exp: seconds + 300,
      },
      ...{ ...provider.person, ...claims },
    }
    const signed = await new SignJWT(payload)
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .sign(forges ? other.privateKey : own.privateKey)
    const idToken = unsigned
      ? `${Buffer.from('{"alg":"none"}').toString('base64url')}.${signed.split('.')[1]}.`
      : signed
    return { access_token: 'a', token_type: 'Bearer', expires_in: 300, id_token: idToken }
  }

  async function answer(request: IncomingMessage): Promise<object> {
    if (request.url === '/token') return token(request)
    if (request.url === '/jwks') return { keys: [jwk] }
    const { issuer } = provider
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      code_challenge_methods_supported: ['S256'],
    }
  }

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const send = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    answer(request).then(
      (body) => send(200, body),
      () => send(400, { error: 'invalid_grant' }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  provider.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return provider
}
