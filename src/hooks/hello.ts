/** What a person who opens the address in a browser is told. */
import { services } from './services.ts'

export const welcome = `Lumbar, a CDS Hooks 2.0 service.

GET  /cds-services   what it offers and what it would like prefetched
${services.map(({ id, hook }) => `POST /cds-services/${id}   the ${hook} hook`).join('\n')}
GET  /healthz   whether it runs
GET  /readyz   whether it should be sent calls

Try it: npm run try -- acute-week-two lumbar-mri
GET  /sandbox   a mock EHR, in development
`
