/** What the tests of the client share: free ports, and a small service whose every word can be bent. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

type Fields = Record<string, unknown>

/** A sound service, as values that a test may change before it is asked. */
export interface Small {
  discovery: Fields
  service: Fields
  card: Fields
  suggestion: Fields
  action: Fields
  link: Fields
  answer: Fields
  /** What is answered to a call, by what is known of it; undefined answers with `answer`. */
  refuse: (asked: Asked) => number | undefined
  feedback: (asked: Asked) => number
  outcome: unknown
  type: string
  origin: string | undefined
  /** Answers with half of its JSON. */
  broken: boolean
  /** Says the name of the draft in its card. */
  echoes: boolean
}

interface Asked {
  request: IncomingMessage
  text: string
  body: Fields | undefined
}

export interface Running {
  url: string
  close(): void
}

const sign = 'order-sign'

export function small(): Small {
  const action: Fields = {
    type: 'create',
    description: 'Draft physical therapy',
    resource: {
      resourceType: 'ServiceRequest',
      status: 'draft',
      intent: 'proposal',
      code: { text: 'Physical therapy' },
      subject: { reference: 'Patient/acute-week-two' },
    },
  }
  const suggestion: Fields = {
    label: 'Physical therapy',
    uuid: uuid(2),
    isRecommended: true,
    actions: [action],
  }
  const link: Fields = { label: 'More', url: 'https://example.org/more', type: 'absolute' }
  const card: Fields = {
    uuid: uuid(1),
    summary: 'Imaging is not advised',
    indicator: 'warning',
    source: { label: 'A guideline', topic: { system: 'urn:example', code: 'one' } },
    selectionBehavior: 'at-most-one',
    suggestions: [suggestion],
    links: [link],
    overrideReasons: [{ code: 'other', system: 'urn:example', display: 'Other' }],
  }
  const service: Fields = {
    id: 'small',
    hook: sign,
    title: 'Small',
    description: 'A small service',
    prefetch: {
      patient: 'Patient/{{context.patientId}}',
      conditions: 'Condition?patient={{context.patientId}}',
    },
  }
  return {
    ...{ action, suggestion, link, card, service },
    discovery: { services: [service] },
    answer: { cards: [card] },
    refuse: soundly,
    feedback: ({ body }) => {
      const entries = body?.feedback
      const isSound =
        Array.isArray(entries) && entries.every(({ outcome }) => ['accepted', 'overridden'].includes(outcome))
      return isSound ? 200 : 400
    },
    outcome: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'invalid' }] },
    type: 'application/json',
    origin: undefined,
    broken: false,
    echoes: false,
  }
}

const uuid = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`

/** As a service should refuse. */
export function soundly({ request, text, body }: Asked): number | undefined {
  if (request.method !== 'POST') return 405
  if (text.length > 10_000_000) return 413
  if (!/^application\/(fhir\+)?json/.test(request.headers['content-type'] ?? '')) return 415
  if (!body || typeof body.context !== 'object' || body.hook !== sign || !body.hookInstance) return 400
  const { patientId } = body.context as Fields
  if (typeof patientId !== 'string') return 400
  return body.prefetch === undefined ? 412 : undefined
}

export async function serve(made: Small): Promise<Running> {
  const server = createServer(async (request, reply) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    respond(made, request, Buffer.concat(chunks).toString('utf8'), reply)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, close: () => void server.close() }
}

function respond(made: Small, request: IncomingMessage, text: string, reply: ServerResponse): void {
  const asked: Asked = { request, text, body: readObject(text) }
  reply.setHeader('content-type', made.type)
  if (made.origin !== undefined) reply.setHeader('access-control-allow-origin', made.origin)
  const say = (status: number, body: unknown) =>
    reply.writeHead(status).end(made.broken ? JSON.stringify(body).slice(1) : JSON.stringify(body))
  if (request.url === '/cds-services') {
    reply.setHeader('cache-control', 'max-age=60').setHeader('etag', '"1"')
    return void say(200, made.discovery)
  }
  if (request.url === '/cds-services/small/feedback') return void say(made.feedback(asked), made.outcome)
  if (request.url !== '/cds-services/small') return void say(404, made.outcome)
  const status = made.refuse(asked)
  say(status ?? 200, status === undefined ? answerTo(made, asked) : status === 401 ? undefined : made.outcome)
}

/** What it creates is for the patient of the call. */
function answerTo({ answer, card, action, echoes }: Small, { body, text }: Asked): Fields {
  const { patientId } = (body?.context ?? {}) as { patientId?: string }
  const resource = action.resource as Fields | undefined
  if (resource) resource.subject = { reference: `Patient/${patientId}` }
  if (echoes) card.detail = /"text":"([^"]*)"/.exec(text)?.[1] ?? 'An order'
  return answer
}

function readObject(text: string): Fields | undefined {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? (read as Fields) : undefined
  } catch {
    return undefined
  }
}
