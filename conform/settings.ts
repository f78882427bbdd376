/** What the user asks of the command. */
import { parseArgs } from 'node:util'

export interface Settings {
  /** The address before `/cds-services`, without a trailing slash. */
  base: string
  /** What `aud` begins with where callers know the service by another address than `base`. */
  audience: string
  issuer: string | undefined
  keyFile: string | undefined
  requestFiles: readonly string[]
  /** A page that the service lets read its answers. */
  origin: string | undefined
  /** Where the invented patients are served as FHIR for the service to read; undefined where they are not. */
  fhirPort: number | undefined
  /** Leaves out what is long: bodies without end. */
  quick: boolean
  json: boolean
}

/** Something was typed that means nothing here. */
export class Misunderstood extends Error {
  override name = 'Misunderstood'
}

/** Throws Misunderstood. */
export function readSettings(words: readonly string[]): Settings {
  const { values, positionals } = parsed(words)
  const [given, ...more] = positionals
  if (given === undefined || more.length > 0)
    throw new Misunderstood('Which service? Give the address before /cds-services, and nothing beside it.')
  const base = addressIn(given)
  const port = values['fhir-port'] === undefined ? undefined : Number(values['fhir-port'])
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536))
    throw new Misunderstood(`--fhir-port wants a number of a port, not "${values['fhir-port']}"`)
  if (values.key !== undefined && values.issuer === undefined)
    throw new Misunderstood('--key needs --issuer: in whose name are the calls signed?')
  if (values.issuer !== undefined && values.key === undefined && !isLocal(values.issuer))
    throw new Misunderstood(
      'Keys can be served on this machine only. Bring one with --key for another issuer.',
    )
  return {
    base,
    audience: values.audience === undefined ? base : addressIn(values.audience),
    issuer: values.issuer,
    keyFile: values.key,
    requestFiles: values.request ?? [],
    origin: values.origin,
    fhirPort: port,
    quick: values.quick,
    json: values.json,
  }
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        issuer: { type: 'string' },
        key: { type: 'string' },
        audience: { type: 'string' },
        request: { type: 'string', multiple: true },
        origin: { type: 'string' },
        'fhir-port': { type: 'string' },
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new Misunderstood(`${(error as Error).message.split('. ')[0]}.`)
  }
}

function addressIn(text: string): string {
  if (!/^https?:\/\/[^/]/.test(text) || !URL.canParse(text))
    throw new Misunderstood(`"${text}" is no address. Write it as in http://127.0.0.1:3000`)
  let end = text.length
  while (text[end - 1] === '/') end -= 1
  const base = text.slice(0, end)
  return base.endsWith('/cds-services') ? base.slice(0, -'/cds-services'.length) : base
}

/** Of this machine. */
export const isLocal = (address: string) =>
  URL.canParse(address) && /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(new URL(address).hostname)
