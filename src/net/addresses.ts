/** Which addresses a FHIR server may have: the URL comes from the caller and must not lead into our network (FA-7). */

import { lookup } from 'node:dns/promises'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { addressRange } from '../site/addresses.ts'

/** May a server of this name be spoken to, if these are its addresses? All of them must be fit. */
export type MayConnect = (host: string, addresses: readonly string[]) => boolean

interface AddressSettings {
  'allow-private': readonly string[]
  'development-http': boolean
}

const loopback = ranges(['127.0.0.0/8', '::1'])

/** Inside a hospital these are the usual addresses of servers, so that a site can open them. */
const inside = ranges([
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10', // carrier-grade NAT
  '198.18.0.0/15', // benchmarks
  'fc00::/7',
])

/** No FHIR server stands here. */
const never = ranges([
  '0.0.0.0/8',
  '169.254.0.0/16', // link-local, and metadata of most clouds
  '100.100.100.200', // metadata, Alibaba
  '168.63.129.16', // metadata, Azure
  '192.0.0.0/24', // protocol assignments; metadata, Oracle
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
  'fd00:ec2::/32', // metadata, AWS
  'fe80::/10', // link-local
  'fec0::/10', // site-local
  'ff00::/8', // multicast
  '::/96', // unspecified, and IPv4 in disguise
  '::ffff:0:0:0/96', // IPv4 in disguise, as all that follow
  '64:ff9b:1::/48',
  '2001::/32',
  '2002::/16',
])

export function addressRules(settings: AddressSettings): MayConnect {
  const entries = settings['allow-private']
  const openRanges = ranges(entries.filter((entry) => addressRange(entry) !== undefined))
  const openHosts = new Set(entries.filter((entry) => addressRange(entry) === undefined))
  const isDevelopment = settings['development-http']

  function isFit(host: string, address: string): boolean {
    if (isIP(address) === 0) return false
    if (contains(loopback, address)) return isDevelopment || contains(openRanges, address)
    if (isLocalName(host) || contains(never, address)) return false
    return !contains(inside, address) || openHosts.has(host) || contains(openRanges, address)
  }

  return (host, addresses) => addresses.length > 0 && addresses.every((address) => isFit(host, address))
}

/** Names and addresses of this machine itself, as a URL spells them once it is parsed. */
export function isLocalHost(host: string): boolean {
  return isLocalName(host) || (isIP(host) !== 0 && contains(loopback, host))
}

function isLocalName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost')
}

function contains(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')
}

/** A list knows IPv4 also as `::ffff:a.b.c.d`; the form behind a NAT64 gateway is added here. */
function ranges(entries: readonly string[]): BlockList {
  const list = new BlockList()
  for (const entry of entries) {
    const range = addressRange(entry)
    if (!range) continue
    list.addSubnet(range.address, range.prefix, range.family)
    if (range.family === 'ipv4') list.addSubnet(`64:ff9b::${range.address}`, 96 + range.prefix, 'ipv6')
  }
  return list
}

// Resolves names for connections: the address that was checked is the one connected to.

export interface Address {
  address: string
  family: number
}
export type ResolveDns = (host: string) => Promise<readonly Address[]>

const systemDns: ResolveDns = (host) => lookup(host, { all: true })

/** The code of the error of a connection that was not made. */
export const addressRefused = 'LUMBAR_ADDRESS_REFUSED'

export interface AddressCheck {
  mayConnect: MayConnect
  /** Instead of the system's resolver. */
  resolveDns?: ResolveDns
}

/** Resolving here, and not before, leaves no second look-up that could answer otherwise (DNS rebinding). */
export function checkedLookup({ mayConnect, resolveDns = systemDns }: AddressCheck): LookupFunction {
  return (host, options, done) => {
    const settle = (addresses: readonly Address[]) => {
      const [first] = addresses
      const isFit = mayConnect(
        host,
        addresses.map(({ address }) => address),
      )
      if (!first || !isFit) done(Object.assign(new Error(addressRefused), { code: addressRefused }), [])
      else if (options.all) done(null, [...addresses])
      else done(null, first.address, first.family)
    }
    resolveDns(host).then(settle, (error) => done(error, []))
  }
}
