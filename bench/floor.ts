/**
 * The floor: what no service can go below that reads the call, knows its caller and answers with the same card. A bare
 * Fastify route that parses the body, verifies the token with node:crypto, and writes the answer from a ready object.
 */
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import Fastify from 'fastify'

const key = createPublicKey({ key: JSON.parse(process.env.FLOOR_KEY ?? '') as JsonWebKey, format: 'jwk' })
/** By length of the body that they answer. */
const answers: Readonly<Record<string, unknown>> = JSON.parse(
  readFileSync(process.env.FLOOR_ANSWERS ?? '', 'utf8'),
)

const app = Fastify({ bodyLimit: 8_388_608 })
app.addHook('onRequest', async ({ headers }) => {
  if (!isGenuine(headers.authorization ?? ''))
    throw Object.assign(new Error('not trusted'), { statusCode: 401 })
})
app.post('/cds-services/:id', (request) => {
  if (!request.body) throw new Error('no body')
  return answers[request.headers['content-length'] ?? '']
})

function isGenuine(authorization: string): boolean {
  const [header = '', claims = '', signature = ''] = authorization.slice('Bearer '.length).split('.')
  const { exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { exp: number }
  const signed = Buffer.from(`${header}.${claims}`)
  return exp * 1000 > Date.now() && verify('sha384', signed, key, Buffer.from(signature, 'base64url'))
}

await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
