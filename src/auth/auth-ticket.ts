/**
 * AuthTicket: what an issuer says of a principal to a service, sealed under the service's key.
 *
 * Grammar: AuthCapsInfo = u8 1, u8 allow_all, blob caps
 *          AuthTicket   = u8 2, EntityName, u64 global_id, u64 auid (all ones), utime created, utime expires,
 *                         AuthCapsInfo, u32 flags
 * Source:  ceph src/auth/Auth.h.
 */
import type { Reader } from '../codec/reader.ts'
import { decodeEntityName, encodeEntityName, type EntityName } from '../codec/type/entity-name.ts'
import { decodeUtime, encodeUtime, type Utime } from '../codec/type/utime.ts'
import type { Writer } from '../codec/writer.ts'
import { AUTH_UID_DEFAULT } from './entity-auth.ts'

export interface AuthCapsInfo {
  readonly allowAll: boolean
  /** An encoded string, or nothing at all. */
  readonly caps: Buffer
}

export const NO_CAPS: AuthCapsInfo = { allowAll: false, caps: Buffer.alloc(0) }

export interface AuthTicket {
  readonly name: EntityName
  readonly globalId: bigint
  readonly created: Utime
  readonly expires: Utime
  readonly caps: AuthCapsInfo
  readonly flags: number
}

export const encodeAuthCapsInfo = (w: Writer, info: AuthCapsInfo): void => {
  w.u8(1)
  w.bool(info.allowAll)
  w.blob(info.caps)
}

export const decodeAuthCapsInfo = (r: Reader): AuthCapsInfo => {
  r.u8()
  return { allowAll: r.bool(), caps: r.blob() }
}

export const encodeAuthTicket = (w: Writer, ticket: AuthTicket): void => {
  w.u8(2)
  encodeEntityName(w, ticket.name)
  w.u64(ticket.globalId)
  w.u64(AUTH_UID_DEFAULT)
  encodeUtime(w, ticket.created)
  encodeUtime(w, ticket.expires)
  encodeAuthCapsInfo(w, ticket.caps)
  w.u32(ticket.flags)
}

export const decodeAuthTicket = (r: Reader): AuthTicket => {
  const structV = r.u8()
  const name = decodeEntityName(r)
  const globalId = r.u64()
  if (structV >= 2) r.u64()
  return {
    name,
    globalId,
    created: decodeUtime(r),
    expires: decodeUtime(r),
    caps: decodeAuthCapsInfo(r),
    flags: r.u32(),
  }
}
