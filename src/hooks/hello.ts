/** What a person is told who opens the address in a browser, or starts the service. */
import { services } from './services.ts'

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
