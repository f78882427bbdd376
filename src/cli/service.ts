/** Talks to a running service as an EHR does: discovery first, then the call with the prefetch that it asked for. */

import { z } from 'zod'
import { withoutClosingSlashes } from '../bounds.ts'
import { Misunderstood } from './arguments.ts'
import type { PreparedCall } from './asked.ts'
import type { ShownCard } from './print/card.ts'

/** How long a service may take, in ms. */
const patience = 10_000

const discoveryBody = z.object({
  services: z.array(
    z.object({ id: z.string(), hook: z.string(), prefetch: z.record(z.string(), z.string()).optional() }),
  ),
})
const answerBody = z.object({ cards: z.array(z.looseObject({ summary: z.string(), indicator: z.string() })) })

export interface Answered {
  /** As it came. */
  body: unknown
  cards: readonly ShownCard[]
  ms: number
}

/** @throws Misunderstood when the service cannot be reached or refuses the call. */
export async function callService(url: string, { body }: PreparedCall): Promise<Answered> {
  const base = withoutClosingSlashes(url)
  if (!URL.canParse(base) || !/^https?:/.test(base)) {
    throw new Misunderstood(`"${url}" is no address. Write --url as in http://127.0.0.1:3000`)
  }
  const offered = discoveryBody.safeParse(await readJson(await ask(`${base}/cds-services`), base))
  if (!offered.success) throw new Misunderstood(noService(base))
  const service = offered.data.services.find(({ hook }) => hook === body.hook)
  if (!service) throw new Misunderstood(`The service at ${base} does not answer ${body.hook}.`)
  const wanted = Object.keys(service.prefetch ?? {})
  const prefetch = Object.fromEntries(Object.entries(body.prefetch).filter(([key]) => wanted.includes(key)))

  const begun = performance.now()
  const response = await ask(`${base}/cds-services/${service.id}`, { ...body, prefetch })
  const answer = await readJson(response, base)
  const ms = performance.now() - begun
  if (!response.ok)
    throw new Misunderstood(`The service refused the call (${response.status}). ${diagnosticsOf(answer)}`)
  const read = answerBody.safeParse(answer)
  if (!read.success)
    throw new Misunderstood(`The service at ${base} answered something that is no CDS Hooks response.`)
  return { body: answer, cards: read.data.cards as unknown as ShownCard[], ms }
}

async function ask(address: string, body?: unknown): Promise<Response> {
  const signal = AbortSignal.timeout(patience)
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  try {
    return await fetch(address, { signal, ...(body === undefined ? {} : post) })
  } catch (error) {
    const { origin } = new URL(address)
    if ((error as Error).name === 'TimeoutError')
      throw new Misunderstood(`${origin} did not answer within ${patience / 1000} seconds.`)
    throw new Misunderstood(
      `Nothing answers at ${origin}. Start the service in another terminal with: npm start`,
    )
  }
}

async function readJson(response: Response, base: string): Promise<unknown> {
  try {
    return await response.json()
  } catch {
    throw new Misunderstood(noService(base))
  }
}

const noService = (base: string) =>
  `What answers at ${base} is no CDS Hooks service. Give the address of one with --url.`

/** The sentence of an OperationOutcome that says what to mend. */
function diagnosticsOf(answer: unknown): string {
  const outcome = z
    .object({ issue: z.array(z.object({ diagnostics: z.string().optional() })) })
    .safeParse(answer)
  return outcome.success ? outcome.data.issue.flatMap(({ diagnostics }) => diagnostics ?? []).join(' ') : ''
}
