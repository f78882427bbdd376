/** Resolves names for connections: the address that was checked is the one connected to. */
import { lookup } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import type { MayConnect } from './addresses.ts'

export interface Address {
  address: string
  family: number
}
export type ResolveDns = (host: string) => Promise<readonly Address[]>

export const systemDns: ResolveDns = (host) => lookup(host, { all: true })

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
