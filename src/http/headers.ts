/** Headers that keep a browser from doing with our answers what they are not for. Helmet's, computed once. */
import helmet, { type HelmetOptions } from 'helmet'

export type Headers = Readonly<Record<string, string>>

/** An answer in JSON is no page: it loads nothing, and nobody may frame it. */
const answers: HelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  xFrameOptions: { action: 'deny' },
  // For pages and for browsers that are long gone.
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
}

/** HSTS for a year: for the name under which the service is reached, or for every name below it too, which others may use. */
export function transportHeaders(hsts: 'off' | 'host' | 'domain'): Headers {
  if (hsts === 'off') return {}
  return { 'strict-transport-security': `max-age=31536000${hsts === 'domain' ? '; includeSubDomains' : ''}` }
}

/** Helmet works per request on a response; what it sets is the same each time, so one pretended response is enough. */
export function securityHeaders(options: HelmetOptions = answers): Headers {
  const headers: Record<string, string> = {}
  const pretended = {
    setHeader: (name: string, value: string) => {
      headers[name.toLowerCase()] = value
    },
    removeHeader: () => undefined,
  }
  let problem: unknown
  // Whether browsers may use http again is for the site to say: see `hsts`.
  helmet({ ...options, strictTransportSecurity: false } as HelmetOptions)(
    {} as never,
    pretended as never,
    (error?: unknown) => {
      problem = error
    },
  )
  if (problem) throw problem
  return Object.freeze(headers)
}

/** What a page of our own may do: its scripts, styles, pictures, questions and forms are of this origin alone. */
export const ofOurOwn = (frameAncestors: readonly string[] = []) => ({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: frameAncestors.length > 0 ? [...frameAncestors] : ["'none'"],
  },
})
