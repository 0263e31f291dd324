/**
 * entity_addr_t and entity_addrvec_t in their modern form; the legacy forms are read, never written.
 *
 * Grammar: entity_addr_t = u8 1, versioned 1/1 { u32 type, u32 nonce, u32 length, u16 family, family's bytes }
 *          | u8 0, u8, u16, u32 nonce, 128 bytes of sockaddr_storage (legacy).
 *          entity_addrvec_t = u8 2, array of entity_addr_t | a single entity_addr_t (legacy).
 * Source: ceph src/msg/msg_types.h, msg_types.cc.
 */
import { isIPv4, isIPv6, SocketAddress } from 'node:net'
import { known } from '../../base/assert.ts'
import type { Reader } from '../reader.ts'
import { encoded, type Writer } from '../writer.ts'

/** `cidr` is a range of addresses, whose nonce is the length of the prefix. */
export const ADDR_TYPE = { none: 0, legacy: 1, msgr2: 2, any: 3, cidr: 4 } as const
export type AddrType = 'none' | 'legacy' | 'msgr2' | 'any'

const AF_INET = 2
const AF_INET6 = 10
const SOCKADDR_IN_BYTES = 16
const SOCKADDR_IN6_BYTES = 28
const LEGACY_SOCKADDR_BYTES = 128

/** `sockaddr` is the address as on the wire after its length: u16 LE family, then the family's bytes. */
export interface EntityAddr {
  readonly type: number
  readonly nonce: number
  readonly sockaddr: Buffer
}

export type EntityAddrvec = readonly EntityAddr[]

export const BLANK_ADDR: EntityAddr = { type: 0, nonce: 0, sockaddr: Buffer.alloc(SOCKADDR_IN6_BYTES) }

export const decodeEntityAddr = (r: Reader): EntityAddr => decodeAfterMarker(r, r.u8())

const decodeAfterMarker = (r: Reader, marker: number): EntityAddr => {
  if (marker === 0) return decodeLegacy(r)
  if (marker !== 1) r.bad(`entity_addr_t marker ${marker}`)
  return r.versioned(1, () => ({ type: r.u32(), nonce: r.u32(), sockaddr: r.blob() }))
}

const decodeLegacy = (r: Reader): EntityAddr => {
  r.u8()
  r.u16()
  const nonce = r.u32()
  const storage = r.raw(LEGACY_SOCKADDR_BYTES)
  if (r.failed) return BLANK_ADDR
  const family = storage.readUInt16BE(0)
  const bytes = family === AF_INET ? SOCKADDR_IN_BYTES : SOCKADDR_IN6_BYTES
  const sockaddr = Buffer.from(storage.subarray(0, bytes))
  sockaddr.writeUInt16LE(family, 0)
  return { type: ADDR_TYPE.legacy, nonce, sockaddr }
}

export const encodeEntityAddr = (w: Writer, addr: EntityAddr): void => {
  w.u8(1)
  w.versioned(1, 1, () => {
    w.u32(addr.type)
    w.u32(addr.nonce)
    w.blob(addr.sockaddr)
  })
}

export const decodeEntityAddrvec = (r: Reader): EntityAddrvec => {
  const marker = r.u8()
  return marker === 2 ? r.array(decodeEntityAddr) : [decodeAfterMarker(r, marker)]
}

export const encodeEntityAddrvec = (w: Writer, addrs: EntityAddrvec): void => {
  w.u8(2)
  w.array(addrs, encodeEntityAddr)
}

/** An address of `ip` (IPv4 or IPv6 text). An ip that is neither is a programmer error and asserts. */
export const entityAddr = (type: AddrType, ip: string, port: number, nonce = 0): EntityAddr => ({
  type: ADDR_TYPE[type],
  nonce,
  sockaddr: isIPv4(ip) ? sockaddrIn(ip, port) : sockaddrIn6(ip, port),
})

const sockaddrIn = (ip: string, port: number): Buffer => {
  const bytes = Buffer.alloc(SOCKADDR_IN_BYTES)
  bytes.writeUInt16LE(AF_INET, 0)
  bytes.writeUInt16BE(port, 2)
  ip.split('.').forEach((octet, i) => bytes.writeUInt8(Number(octet), 4 + i))
  return bytes
}

const sockaddrIn6 = (ip: string, port: number): Buffer => {
  known(isIPv6(ip) || undefined, `an IP address instead of ${ip}`)
  const bytes = Buffer.alloc(SOCKADDR_IN6_BYTES)
  bytes.writeUInt16LE(AF_INET6, 0)
  bytes.writeUInt16BE(port, 2)
  const [head = '', tail = ''] = expandIpv4Tail(ip).split('::')
  const groups = (text: string): number[] => (text === '' ? [] : text.split(':').map((g) => parseInt(g, 16)))
  groups(head).forEach((g, i) => bytes.writeUInt16BE(g, 8 + 2 * i))
  groups(tail)
    .reverse()
    .forEach((g, i) => bytes.writeUInt16BE(g, 22 - 2 * i))
  return bytes
}

// ::ffff:1.2.3.4 ends in an IPv4 address: two groups.
const expandIpv4Tail = (ip: string): string =>
  ip.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) => {
    const group = (hi: unknown, lo: unknown): string => (Number(hi) * 256 + Number(lo)).toString(16)
    return `${group(a, b)}:${group(c, d)}`
  })

const familyOf = (addr: EntityAddr): number => (addr.sockaddr.length >= 2 ? addr.sockaddr.readUInt16LE(0) : 0)

export const isBlankAddr = (addr: EntityAddr): boolean => {
  const family = familyOf(addr)
  return family !== AF_INET && family !== AF_INET6
}

export const portOf = (addr: EntityAddr): number =>
  isBlankAddr(addr) || addr.sockaddr.length < 4 ? 0 : addr.sockaddr.readUInt16BE(2)

export const withType = (addr: EntityAddr, type: AddrType): EntityAddr => ({
  ...addr,
  type: ADDR_TYPE[type],
})

export const withNonce = (addr: EntityAddr, nonce: number): EntityAddr => ({ ...addr, nonce })

/** The same ip at another port; a blank address stays as it is. */
export const withPort = (addr: EntityAddr, port: number): EntityAddr => {
  if (isBlankAddr(addr) || addr.sockaddr.length < 4) return addr
  const sockaddr = Buffer.from(addr.sockaddr)
  sockaddr.writeUInt16BE(port, 2)
  return { ...addr, sockaddr }
}

/** The ip as text, without brackets; `:` style for IPv6, empty for a blank address. */
export const ipOf = (addr: EntityAddr): string => {
  const family = familyOf(addr)
  if (family === AF_INET && addr.sockaddr.length >= 8) return [...addr.sockaddr.subarray(4, 8)].join('.')
  if (family === AF_INET6 && addr.sockaddr.length >= 24) {
    const groups = Array.from({ length: 8 }, (_, i) => addr.sockaddr.readUInt16BE(8 + 2 * i).toString(16))
    return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address
  }
  return ''
}

const TYPE_PREFIX: ReadonlyMap<number, string> = new Map([
  [ADDR_TYPE.legacy, 'v1:'],
  [ADDR_TYPE.msgr2, 'v2:'],
  [ADDR_TYPE.any, ''],
  [ADDR_TYPE.cidr, 'cidr:'],
])

/** `ip:port`. Source: ceph src/msg/msg_types.cc operator<< of sockaddr. */
export const printSockaddr = (addr: EntityAddr): string => {
  const ip = ipOf(addr)
  if (ip === '') return `(unrecognized address family ${familyOf(addr)})`
  return `${ip.includes(':') ? `[${ip}]` : ip}:${portOf(addr)}`
}

/** `ip:port/nonce` without the type. */
export const printAddrNoType = (addr: EntityAddr): string => `${printSockaddr(addr)}/${addr.nonce}`

/** `v2:127.0.0.1:3300/0`; no prefix for type any; `-` for no address. */
export const printAddr = (addr: EntityAddr): string =>
  addr.type === ADDR_TYPE.none ? '-' : `${TYPE_PREFIX.get(addr.type) ?? '???:'}${printAddrNoType(addr)}`

/** One address bare, several as `[v2:…,v1:…]`, none as nothing. Source: ceph src/msg/msg_types.h operator<<. */
export const printAddrvec = (addrs: EntityAddrvec): string =>
  addrs.length < 2 ? addrs.map(printAddr).join('') : `[${addrs.map(printAddr).join(',')}]`

/** `[v2:1.2.3.4:3300/0,v1:1.2.3.4:6789/0]`, `v2:1.2.3.4:3300`, `1.2.3.4:3300`; undefined when it is none. */
export const parseAddrvec = (text: string, defaultType: AddrType = 'msgr2'): EntityAddrvec | undefined => {
  const inner = text.startsWith('[v') && text.endsWith(']') ? text.slice(1, -1) : text
  const addrs = inner.split(',').map((part) => parseAddr(part.trim(), defaultType))
  return addrs.every((a) => a !== undefined) ? addrs : undefined
}

const ADDR = /^(?:(v1|v2|any):)?(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+))(?::(\d{1,5}))?(?:\/(\d{1,10}))?$/

/** One address: `v2:ip:port/nonce`, type, port and nonce may be left out. */
export const parseAddr = (text: string, defaultType: AddrType = 'msgr2'): EntityAddr | undefined => {
  const match = ADDR.exec(text)
  if (match === null) return undefined
  const [, prefix, ip6, ip4, portText, nonceText] = match
  const ip = ip6 ?? ip4 ?? ''
  const port = Number(portText ?? 0)
  if (!(ip6 === undefined ? isIPv4(ip) : isIPv6(ip)) || port > 0xffff) return undefined
  const type: AddrType =
    prefix === 'v1' ? 'legacy' : prefix === 'v2' ? 'msgr2' : prefix === 'any' ? 'any' : defaultType
  return entityAddr(type, ip, port, Number(nonceText ?? 0))
}

export const sameAddr = (a: EntityAddr, b: EntityAddr): boolean => compareAddr(a, b) === 0
export const sameAddrvec = (a: EntityAddrvec, b: EntityAddrvec): boolean =>
  a.length === b.length && a.every((addr, i) => b[i] !== undefined && sameAddr(addr, b[i]))

/** Order of maps keyed by address and of connection races: memcmp of type LE, nonce LE, sockaddr. */
export const compareAddr = (a: EntityAddr, b: EntityAddr): number => nativeBytes(a).compare(nativeBytes(b))

const nativeBytes = (addr: EntityAddr): Buffer =>
  encoded((w) => {
    w.u32(addr.type)
    w.u32(addr.nonce)
    w.raw(addr.sockaddr)
  })

export const msgr2Addr = (addrs: EntityAddrvec): EntityAddr | undefined =>
  addrs.find((a) => a.type === ADDR_TYPE.msgr2)
export const legacyAddr = (addrs: EntityAddrvec): EntityAddr | undefined =>
  addrs.find((a) => a.type === ADDR_TYPE.legacy)
