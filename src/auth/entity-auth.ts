/**
 * EntityAuth: an entity's key and its capabilities, one text a service.
 *
 * Grammar: EntityAuth = u8 2, u64 auid (all ones), CryptoKey, map string → blob { string }
 * Source:  ceph src/auth/Auth.h EntityAuth.
 */
import { byBytes } from '../base/ordered.ts'
import { decodeFrom, type Reader } from '../codec/reader.ts'
import { type EntityName, entityNameKey } from '../codec/type/entity-name.ts'
import { encoded, type Writer } from '../codec/writer.ts'
import { type CryptoKey, decodeCryptoKey, encodeCryptoKey } from './crypto-key.ts'

const STRUCT_V = 2

/** The auid that was, before Luminous, a pool owner's number. */
export const AUTH_UID_DEFAULT = 0xffff_ffff_ffff_ffffn

/** Capabilities by service name; the value is an encoded string, kept as bytes because they need not be one. */
export type CapsMap = ReadonlyMap<string, Buffer>

export interface EntityAuth {
  readonly key: CryptoKey
  readonly caps: CapsMap
}

/** One line of a keyring or of the key server. */
export interface KeyEntry {
  readonly name: EntityName
  readonly auth: EntityAuth
}

/** Entities by `entityNameKey`, which sorts as Ceph's std::map does. */
export type KeyMap = ReadonlyMap<string, KeyEntry>

export const NO_ENTRIES: KeyMap = new Map()

export const keyMapOf = (entries: Iterable<KeyEntry>): KeyMap =>
  new Map([...entries].map((entry) => [entityNameKey(entry.name), entry]))

export const entryOf = (map: KeyMap, name: EntityName): EntityAuth | undefined =>
  map.get(entityNameKey(name))?.auth

export const encodeEntityAuth = (w: Writer, auth: EntityAuth): void => {
  w.u8(STRUCT_V)
  w.u64(AUTH_UID_DEFAULT)
  encodeCryptoKey(w, auth.key)
  w.map(
    auth.caps,
    byBytes,
    (out, service) => out.string(service),
    (out, caps) => out.blob(caps),
  )
}

export const decodeEntityAuth = (r: Reader): EntityAuth => {
  const structV = r.u8()
  if (structV >= 2) r.u64()
  return { key: decodeCryptoKey(r), caps: r.map(r.string, r.blob) }
}

/** The stored form of a capability's text. */
export const capsBytes = (text: string): Buffer => encoded((w) => w.string(text))

/** The text of a stored capability; undefined when the bytes are not an encoded string. */
export const capsText = (bytes: Buffer): string | undefined => {
  const decoded = decodeFrom((r) => r.string(), bytes)
  return decoded._tag === 'Right' ? decoded.right : undefined
}

/** Capabilities from texts by service name. */
export const capsMapOf = (texts: Readonly<Record<string, string>>): CapsMap =>
  new Map(Object.entries(texts).map(([service, text]) => [service, capsBytes(text)]))
