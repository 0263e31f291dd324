/** Addresses as Ceph dumps them to JSON. Source: ceph src/msg/msg_types.cc dump of entity_addr_t, entity_addrvec_t. */
import type { JsonRecord } from '../../base/json.ts'
import {
  ADDR_TYPE,
  BLANK_ADDR,
  type EntityAddr,
  type EntityAddrvec,
  legacyAddr,
  printAddrNoType,
  printSockaddr,
} from './entity-addr.ts'

const TYPE_NAMES: ReadonlyMap<number, string> = new Map([
  [ADDR_TYPE.none, 'none'],
  [ADDR_TYPE.legacy, 'v1'],
  [ADDR_TYPE.msgr2, 'v2'],
  [ADDR_TYPE.any, 'any'],
  [ADDR_TYPE.cidr, 'cidr'],
])

/** `{type, addr, nonce}`. */
export const addrJson = (addr: EntityAddr): JsonRecord => ({
  type: TYPE_NAMES.get(addr.type) ?? '???',
  addr: printSockaddr(addr),
  nonce: addr.nonce,
})

/** `{addrvec: [{type, addr, nonce}, …]}`. */
export const addrvecJson = (addrs: EntityAddrvec): JsonRecord => ({ addrvec: addrs.map(addrJson) })

/** The address that programs older than Nautilus knew: the v1 one, else the first, as `ip:port/nonce`. */
export const legacyAddrText = (addrs: EntityAddrvec): string =>
  printAddrNoType(legacyAddr(addrs) ?? addrs[0] ?? BLANK_ADDR)
