/** Whether a request was made on this machine and to it, and not forwarded by a proxy for somebody elsewhere. */
import type { FastifyReply, FastifyRequest } from 'fastify'

const forwarding = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'via',
]

/** A proxy may leave no header behind, and then keeps the name under which it was called. */
export function isFromHere({ socket, headers }: Pick<FastifyRequest, 'socket' | 'headers'>): boolean {
  if (forwarding.some((name) => name in headers)) return false
  return isOwnAddress(socket.remoteAddress ?? '') && isOwnName(headers.host ?? '')
}

const isOwnAddress = (address: string) => /^(?:::ffff:)?127\.[\d.]+$/.test(address) || address === '::1'

function isOwnName(host: string): boolean {
  const name = URL.parse(`http://${host}`)?.hostname ?? ''
  return name === 'localhost' || name === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(name)
}

/** An `onRequest` hook: to others it is as if there were nothing. */
export async function onlyFromHere(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  return isFromHere(request) ? undefined : reply.code(404).header('cache-control', 'no-store').send()
}
