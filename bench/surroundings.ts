/** What stands around a service in a hospital, and can fail: its key server, its FHIR server, its database. */
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createHttpServer, type Server as HttpServer, type RequestListener } from 'node:http'
import { connect, createServer, type Server as NetServer, type Socket } from 'node:net'
import { exportJWK, SignJWT } from 'jose'
import { stringify } from 'yaml'
import { limits } from './ehr.ts'

export interface Part {
  name: 'key server' | 'FHIR server' | 'database'
  die(): void
  revive(): Promise<void>
}

export interface Surroundings {
  /** Text of the `site.yaml` that names them. */
  site: string
  /** Undefined without a PostgreSQL to stand behind it. */
  databaseUrl: string | undefined
  fhirServer: string
  parts: readonly Part[]
  /** A token that was not used before. */
  authorization(): Promise<string>
  close(): void
}

const iss = 'https://ehr.example.org'
const publicUrl = 'https://cds.example.org'
const audience = 'https://cds.example.org/lumbar-order-select'

/** `database` is a PostgreSQL, reached through a gate that can be shut. */
export async function surroundings(database: URL | undefined): Promise<Surroundings> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const keySet = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'soak', alg: 'ES256' }] })
  const keyServer = await serve('key server', (_, reply) =>
    reply.setHeader('content-type', 'application/json').end(keySet),
  )
  const nothing = JSON.stringify({ resourceType: 'Bundle', type: 'searchset', total: 0, entry: [] })
  const fhir = await serve('FHIR server', (_, reply) =>
    reply.setHeader('content-type', 'application/fhir+json').end(nothing),
  )
  const gate = database && (await gateTo(database))
  const fhirServer = `http://127.0.0.1:${fhir.port}/fhir`
  const issuer = {
    iss,
    'jwks-url': `http://127.0.0.1:${keyServer.port}/keys`,
    algorithms: ['ES256'],
    audiences: [audience],
    'fhir-servers': [fhirServer],
  }
  const own = [keyServer, fhir, ...(gate ? [gate] : [])]
  return {
    site: stringify({
      name: 'Soak',
      limits,
      callers: { 'public-url': publicUrl, issuers: [issuer] },
      fhir: { 'development-http': true },
    }),
    databaseUrl: database && gate && through(database, gate.port),
    fhirServer,
    parts: own,
    authorization: async () => {
      const token = await new SignJWT({ iss, aud: audience, jti: randomUUID() })
        .setProtectedHeader({ alg: 'ES256', kid: 'soak', typ: 'JWT' })
        .setIssuedAt()
        .setExpirationTime('1m')
        .sign(privateKey)
      return `Bearer ${token}`
    },
    close: () => {
      for (const part of own) part.die()
    },
  }
}

function through(database: URL, port: number): string {
  const url = new URL(database)
  url.hostname = '127.0.0.1'
  url.port = String(port)
  return url.href
}

async function serve(name: Part['name'], answer: RequestListener): Promise<Part & { port: number }> {
  let server = await listen(createHttpServer(answer), 0)
  const port = portOf(server)
  return {
    name,
    port,
    die: () => {
      server.close()
      server.closeAllConnections()
    },
    revive: async () => {
      server = await listen(createHttpServer(answer), port)
    },
  }
}

/** What goes to the database passes here; shut, it ends connections and takes no others. */
async function gateTo(database: URL): Promise<Part & { port: number }> {
  const open = new Set<Socket>()
  const pass = (from: Socket) => {
    const to = connect(Number(database.port || 5432), database.hostname)
    for (const [socket, other] of [
      [from, to],
      [to, from],
    ] as const) {
      open.add(socket)
      socket
        .on('error', () => undefined)
        .on('close', () => {
          open.delete(socket)
          other.destroy()
        })
    }
    from.pipe(to).pipe(from)
  }
  let server = await listen(createServer(pass), 0)
  const port = portOf(server)
  return {
    name: 'database',
    port,
    die: () => {
      server.close()
      for (const socket of open) socket.destroy()
    },
    revive: async () => {
      server = await listen(createServer(pass), port)
    },
  }
}

async function listen<S extends HttpServer | NetServer>(server: S, port: number): Promise<S> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function portOf(server: HttpServer | NetServer): number {
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port')
  return address.port
}

/** Does a PostgreSQL listen there? */
export function listens({ hostname, port }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(port || 5432), hostname)
    const tell = (open: boolean) => () => {
      socket.destroy()
      resolve(open)
    }
    socket.on('connect', tell(true)).on('error', tell(false))
  })
}
