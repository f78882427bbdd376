/** The services we offer: one for each hook, so that no client takes the answer of one for the other's (DISC-13). */
import { LumbarError } from '../errors.ts'

export const services = [
  { id: 'lumbar-order-select', hook: 'order-select' },
  { id: 'lumbar-order-sign', hook: 'order-sign' },
  { id: 'lumbar-patient-view', hook: 'patient-view' },
] as const

export type Service = (typeof services)[number]
export type Hook = Service['hook']

const byId = new Map<string, Service>(services.map((service) => [service.id, service]))

export function findService(id: string): Service | undefined {
  return byId.get(id)
}

export function unknownService(): LumbarError {
  const ids = services.map(({ id }) => id).join(' and ')
  return new LumbarError('unknown-service', `There is no such service. Lumbar offers ${ids}.`)
}
