/** What the EHR's tokens must be like to be let in (specification, section 9). */

import { services } from '../../hooks/services.ts'
import type { Content } from '../../pathway/content.ts'
import type { Issuer } from '../../site/callers.ts'
import { bulletList } from '../markdown.ts'
import { baseOf } from './access.ts'

const code = (text: string) => `\`${text}\``
const codes = (texts: readonly string[]) => texts.map(code).join(', ')

export function trust(content: Content): string[] {
  const { callers } = content.site
  const base = baseOf({ content })
  const endpoints = [
    ...services.map(({ id }) => `${base}/cds-services/${id}`),
    ...(callers?.discovery === 'closed' ? [`${base}/cds-services`] : []),
  ]
  return [
    '## Tokens',
    ...(callers
      ? []
      : ['No callers are set in site.yaml: nobody is verified yet, and only the machine itself may call.']),
    bulletList([
      'Each call carries `Authorization: Bearer` and a signed JWT. A token is good for one call.',
      'Header: `alg`, `kid`, and `typ` with the value `JWT`; `jku` only where it is listed for the issuer.',
      'Claims: `iss`, `aud`, `exp`, `iat`, `jti`; `tenant` where tenants are listed. Others are passed over.',
      `\`aud\` is the address called: ${codes(endpoints)}.`,
      callers?.discovery === 'closed'
        ? 'Discovery asks for a token too.'
        : 'Discovery is open: it needs no token and holds no patient.',
      'Whatever is wrong with a token, the answer is a bare 401. The reason is in the log, as `reason`.',
    ]),
    ...(callers?.issuers ?? []).map(issuerSection),
  ]
}

function issuerSection(issuer: Issuer): string {
  const keys = issuer['jwks-url'] ? `published at ${code(issuer['jwks-url'])}` : 'handed over, in site.yaml'
  const lines = [
    `Algorithms: ${codes(issuer.algorithms)}.`,
    `Keys: ${keys}.${issuer.jku.length > 0 ? ` \`jku\` may be ${codes(issuer.jku)}.` : ''}`,
    ...(issuer.audiences.length > 0 ? [`\`aud\` may also be ${codes(issuer.audiences)}.`] : []),
    issuer.tenants ? `Tenants: ${codes(issuer.tenants)}.` : 'Any tenant of this issuer.',
    `A token lives ${issuer['max-age-seconds']} seconds at most; clocks may differ by ${issuer['clock-skew-seconds']} seconds.`,
    issuer.replay === 'refuse'
      ? 'A token that was used before is refused, also when a call is repeated.'
      : 'A call may be repeated with the same token until it expires.',
    ...(issuer.origins.length > 0 ? [`Pages that may call from a browser: ${codes(issuer.origins)}.`] : []),
  ]
  return `### ${issuer.iss}\n\n${bulletList(lines)}`
}
