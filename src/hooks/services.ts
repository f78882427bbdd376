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

// What a person is told who opens the address in a browser, or starts the service.

export const welcome = `Lumbar, a CDS Hooks 2.0 service.

GET  /cds-services   what it offers and what it would like prefetched
${services.map(({ id, hook }) => `POST /cds-services/${id}   the ${hook} hook`).join('\n')}
GET  /healthz   whether it runs
GET  /readyz   whether it should be sent calls
GET  /sandbox   a mock EHR to try it with, in development

Or try it from a shell: npm run try -- acute-week-two lumbar-mri
`

/** What a developer is told when the service listens at `address`. */
export function whatToTry(
  address: string,
  { hasCallers, beside }: { hasCallers: boolean; beside: string },
): string {
  const told = hasCallers
    ? 'It answers the EHRs that site.yaml lists under callers.'
    : 'No callers are set in site.yaml: calls without a token are answered too, so it listens on this machine only.'
  return `Lumbar answers at ${address}
${told}
${beside}
  npm run try -- acute-week-two lumbar-mri
  curl ${address}/cds-services
`
}
