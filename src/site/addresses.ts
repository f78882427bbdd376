/** Addresses that settings name: which of them are safe, how they are written alike, and ranges of them. */
import { isIP } from 'node:net'
import { z } from 'zod'
import { withoutClosingSlashes } from '../bounds.ts'

/** What crosses a network goes over TLS; `http` is for this machine only (SEC-1). */
export function isSafeAddress(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname, username, password, hash } = new URL(address)
  if (username !== '' || password !== '' || hash !== '') return false
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
}

/** Of this machine, as a URL spells it or as a process listens on it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}

export const addressLike = (example: string) =>
  z.string().refine(isSafeAddress, {
    error: `is not an address such as ${example} (http is for this machine only)`,
    abort: true,
  })
export const address = addressLike('https://ehr.example.org')

export const baseOf = (address: z.ZodString) =>
  address.refine((base) => !base.includes('?'), 'is a base address: leave out the query')
export const baseAddress = baseOf(address)

export function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text
}

export const origin = address.refine(
  isOrigin,
  'is no origin: leave out the path, as in https://ehr.example.org',
)

/** One way to write a base address, so that spellings make no difference: no trailing slash, host in lower case. */
export function sameAddress(base: string): string {
  return withoutClosingSlashes(new URL(base).href)
}

/** `10.20.0.0/16`, `fd12::/32`; a single address is a range of one. */
interface AddressRange {
  address: string
  family: 'ipv4' | 'ipv6'
  prefix: number
}

/** Undefined for what is no address range, such as a host name. */
export function addressRange(entry: string): AddressRange | undefined {
  const [address = '', prefix, ...more] = entry.split('/')
  const version = isIP(address)
  if (version === 0 || more.length > 0) return undefined
  const bits = version === 4 ? 32 : 128
  const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : bits + 1
  return length > bits ? undefined : { address, family: version === 4 ? 'ipv4' : 'ipv6', prefix: length }
}
