/** Whether the process runs, and whether it should be sent calls: for what starts, restarts and balances instances. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Shown } from '../hooks/discovery.ts'

/** Codes of what is missing; empty when nothing is. */
export type FindUnready = () => Promise<readonly string[]>

/** How long the check may take, and for how long its answer holds, in ms: whoever asks more often costs nothing. */
const patience = 2000
const freshness = 1000

export function sayHealthy({ pathway: { id, version }, digest }: Shown) {
  return () => ({ status: 'ok', pathway: id, version, digest })
}

/** Without content there is no application, so content needs no check of its own. */
/** `troubles` are told and keep nobody away: with all instances gone for them there would be no answers at all. */
export function sayReady(
  app: FastifyInstance,
  findUnready: FindUnready | undefined,
  elapsed: () => number,
  troubles: () => readonly string[] = () => [],
) {
  let last: { answer: Promise<readonly string[]>; since: number } | undefined
  const lacking = () => {
    if (!last || elapsed() - last.since >= freshness) last = { answer: asked(findUnready), since: elapsed() }
    return last.answer
  }
  return async (_request: unknown, reply: FastifyReply) => {
    const reasons = [...stopping(app), ...pressure(app), ...(await lacking())]
    reply.header('cache-control', 'no-store')
    if (reasons.length > 0) return reply.code(503).send({ status: 'not-ready', reasons })
    const amiss = troubles()
    return amiss.length === 0 ? { status: 'ready' } : { status: 'ready', troubles: amiss }
  }
}

const stopping = (app: FastifyInstance) => (app.isDraining() ? ['stopping'] : [])

function pressure(app: FastifyInstance): string[] {
  return app.hasDecorator('isUnderPressure') && app.isUnderPressure() ? ['under-pressure'] : []
}

async function asked(findUnready: FindUnready | undefined): Promise<readonly string[]> {
  if (!findUnready) return []
  const { promise: late, resolve } = Promise.withResolvers<readonly string[]>()
  const timer = setTimeout(resolve, patience, ['check-took-too-long'])
  try {
    return await Promise.race([findUnready(), late])
  } catch {
    return ['check-failed']
  } finally {
    clearTimeout(timer)
  }
}
