/**
 * KeyServerData: every key of the cluster, as the auth service commits it.
 *
 * Grammar: KeyServerData = u8 1, u64 version, u64 rotating version, map EntityName → EntityAuth,
 *                          map u32 service → RotatingSecrets
 *          Incremental   = u8 1, u32 op, op 3: blob { u8 1, u64 rotating version, map u32 → RotatingSecrets }
 *                          | else: EntityName, EntityAuth
 * Source:  ceph src/auth/cephx/CephxKeyServer.h.
 */
import { byBytes, byNumber, sortedEntries } from '../base/ordered.ts'
import { Reader } from '../codec/reader.ts'
import {
  decodeEntityName,
  encodeEntityName,
  type EntityName,
  entityNameKey,
} from '../codec/type/entity-name.ts'
import { encoded, type Writer } from '../codec/writer.ts'
import { NO_KEY } from './crypto-key.ts'
import {
  decodeEntityAuth,
  encodeEntityAuth,
  type EntityAuth,
  type KeyEntry,
  type KeyMap,
  keyMapOf,
  NO_ENTRIES,
} from './entity-auth.ts'
import { decodeRotatingSecrets, encodeRotatingSecrets, type RotatingSecrets } from './rotating-secrets.ts'

/** By service: an ENTITY_TYPE. */
export type RotatingByService = ReadonlyMap<number, RotatingSecrets>

export interface KeyServerData {
  /** The auth service's version that this is the state of. */
  readonly version: bigint
  readonly rotatingVersion: bigint
  readonly secrets: KeyMap
  readonly rotating: RotatingByService
}

export const EMPTY_KEY_SERVER_DATA: KeyServerData = {
  version: 0n,
  rotatingVersion: 0n,
  secrets: NO_ENTRIES,
  rotating: new Map(),
}

const INCREMENTAL_OP = { nop: 0, add: 1, del: 2, setRotating: 3 } as const

export type KeyServerIncremental =
  | { readonly op: 'nop' | 'add'; readonly name: EntityName; readonly auth: EntityAuth }
  /** `auth` is what the writer happened to send along: ignored, kept for the bytes. */
  | { readonly op: 'del'; readonly name: EntityName; readonly auth: EntityAuth }
  | { readonly op: 'setRotating'; readonly rotatingVersion: bigint; readonly rotating: RotatingByService }

/** The incremental that adds or replaces `entry`. */
export const addEntity = (entry: KeyEntry): KeyServerIncremental => ({ op: 'add', ...entry })

/** The incremental that removes `name`. */
export const deleteEntity = (name: EntityName): KeyServerIncremental => ({
  op: 'del',
  name,
  auth: { key: NO_KEY, caps: new Map() },
})

/** The state after `incrementals`, in order; the version is the caller's to set. */
export const applyKeyServerIncrementals = (
  data: KeyServerData,
  incrementals: Iterable<KeyServerIncremental>,
): KeyServerData => {
  // Copied once: an import brings thousands of entities in one version.
  const secrets = new Map(data.secrets)
  let { rotatingVersion, rotating } = data
  for (const incremental of incrementals)
    switch (incremental.op) {
      case 'nop':
        break
      case 'add':
        secrets.set(entityNameKey(incremental.name), { name: incremental.name, auth: incremental.auth })
        break
      case 'del':
        secrets.delete(entityNameKey(incremental.name))
        break
      case 'setRotating':
        ;({ rotatingVersion, rotating } = incremental)
    }
  return { ...data, secrets, rotatingVersion, rotating }
}

/** Entities in the order of Ceph's std::map. */
export const entriesInOrder = (map: KeyMap): readonly KeyEntry[] =>
  sortedEntries(map, byBytes).map(([, entry]) => entry)

export const encodeKeyEntry = (w: Writer, entry: KeyEntry): void => {
  encodeEntityName(w, entry.name)
  encodeEntityAuth(w, entry.auth)
}

export const decodeKeyEntry = (r: Reader): KeyEntry => ({
  name: decodeEntityName(r),
  auth: decodeEntityAuth(r),
})

/** map EntityName → EntityAuth. */
export const encodeKeyMap = (w: Writer, map: KeyMap): void => w.array(entriesInOrder(map), encodeKeyEntry)

/** Inverse of `encodeKeyMap`. */
export const decodeKeyMap = (r: Reader): KeyMap => keyMapOf(r.array(decodeKeyEntry))

const encodeRotating = (w: Writer, rotating: RotatingByService): void =>
  w.map(rotating, byNumber, (out, service) => out.u32(service), encodeRotatingSecrets)

const decodeRotating = (r: Reader): RotatingByService => r.map(r.u32, decodeRotatingSecrets)

export const encodeKeyServerData = (w: Writer, data: KeyServerData): void => {
  w.u8(1)
  w.u64(data.version)
  w.u64(data.rotatingVersion)
  encodeKeyMap(w, data.secrets)
  encodeRotating(w, data.rotating)
}

export const decodeKeyServerData = (r: Reader): KeyServerData => {
  r.u8()
  return {
    version: r.u64(),
    rotatingVersion: r.u64(),
    secrets: decodeKeyMap(r),
    rotating: decodeRotating(r),
  }
}

export const encodeKeyServerIncremental = (w: Writer, incremental: KeyServerIncremental): void => {
  w.u8(1)
  w.u32(INCREMENTAL_OP[incremental.op])
  if (incremental.op === 'setRotating') w.blob(encoded((body) => encodeRotatingUpdate(body, incremental)))
  else encodeKeyEntry(w, incremental)
}

const encodeRotatingUpdate = (
  w: Writer,
  update: { readonly rotatingVersion: bigint; readonly rotating: RotatingByService },
): void => {
  w.u8(1)
  w.u64(update.rotatingVersion)
  encodeRotating(w, update.rotating)
}

export const decodeKeyServerIncremental = (r: Reader): KeyServerIncremental => {
  r.u8()
  const op = r.u32()
  switch (op) {
    case INCREMENTAL_OP.setRotating:
      return decodeRotatingUpdate(r)
    case INCREMENTAL_OP.add:
      return { op: 'add', ...decodeKeyEntry(r) }
    case INCREMENTAL_OP.del:
      return { op: 'del', ...decodeKeyEntry(r) }
    default:
      if (op !== INCREMENTAL_OP.nop) r.bad(`key server incremental op ${op}`)
      return { op: 'nop', ...decodeKeyEntry(r) }
  }
}

const decodeRotatingUpdate = (r: Reader): KeyServerIncremental => {
  const body = new Reader(r.blob())
  body.u8()
  const update = { op: 'setRotating', rotatingVersion: body.u64(), rotating: decodeRotating(body) } as const
  if (body.failed) r.bad('malformed rotating secrets')
  return update
}
