/**
 * An address as a key of a JavaScript map: the hex text of what std::map compares, so that sorting the keys as
 * text is Ceph's order and the address can be had back.
 */
import { known } from '../../base/assert.ts'
import { Reader } from '../reader.ts'
import { encoded } from '../writer.ts'
import type { EntityAddr } from './entity-addr.ts'

declare const brand: unique symbol
export type AddrKey = string & { readonly [brand]: 'AddrKey' }

/** Shape: hex of u32 type LE, u32 nonce LE, sockaddr. Source: ceph src/msg/msg_types.h operator< of entity_addr_t. */
export const addrKey = (addr: EntityAddr): AddrKey =>
  encoded((w) => {
    w.u32(addr.type)
    w.u32(addr.nonce)
    w.raw(addr.sockaddr)
  }).toString('hex') as AddrKey

/** Inverse of `addrKey`. */
export const addrOfKey = (key: AddrKey): EntityAddr => {
  const bytes = Buffer.from(key, 'hex')
  known(bytes.length >= 8 || undefined, `an address key instead of ${key}`)
  const r = new Reader(bytes)
  return { type: r.u32(), nonce: r.u32(), sockaddr: r.rest() }
}

/** Order of the keys: hex text sorts as the bytes do. */
export const byAddrKey = (a: AddrKey, b: AddrKey): number => (a < b ? -1 : a > b ? 1 : 0)
