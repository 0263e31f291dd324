/**
 * AuthMonitor::Incremental: one record of a committed version of the auth service.
 *
 * Grammar: Incremental = versioned 2/2 { u32 type,
 *            type 0: u64 max global id | type 1: u32 auth type, blob { KeyServerData::Incremental } }
 * Source:  ceph src/mon/AuthMonitor.h.
 */
import { decodeFrom, type Reader } from '../codec/reader.ts'
import { encoded, type Writer } from '../codec/writer.ts'
import { AUTH_METHOD } from './contract.ts'
import {
  decodeKeyServerIncremental,
  encodeKeyServerIncremental,
  type KeyServerIncremental,
} from './key-server-data.ts'

const INCREMENTAL_TYPE = { globalId: 0, authData: 1 } as const

export type AuthIncremental =
  | { readonly _tag: 'GlobalId'; readonly maxGlobalId: bigint }
  | { readonly _tag: 'AuthData'; readonly authType: number; readonly data: Buffer }

/** A change before it is a record. */
export type AuthChange =
  | { readonly _tag: 'GlobalId'; readonly maxGlobalId: bigint }
  | { readonly _tag: 'Keys'; readonly change: KeyServerIncremental }

/** The record of a change. */
export const incrementalOf = (change: AuthChange): AuthIncremental =>
  change._tag === 'GlobalId'
    ? change
    : {
        _tag: 'AuthData',
        authType: AUTH_METHOD.cephx,
        data: encoded((w) => encodeKeyServerIncremental(w, change.change)),
      }

/** The change that a record carries. */
export const keyServerIncrementalOf = (data: Buffer): ReturnType<typeof decodeFrom<KeyServerIncremental>> =>
  decodeFrom(decodeKeyServerIncremental, data)

export const encodeAuthIncremental = (w: Writer, incremental: AuthIncremental): void =>
  w.versioned(2, 2, () => {
    if (incremental._tag === 'GlobalId') {
      w.u32(INCREMENTAL_TYPE.globalId)
      w.u64(incremental.maxGlobalId)
    } else {
      w.u32(INCREMENTAL_TYPE.authData)
      w.u32(incremental.authType)
      w.blob(incremental.data)
    }
  })

export const decodeAuthIncremental = (r: Reader): AuthIncremental =>
  r.versioned(2, (): AuthIncremental => {
    const type = r.u32()
    if (type === INCREMENTAL_TYPE.globalId) return { _tag: 'GlobalId', maxGlobalId: r.u64() }
    if (type !== INCREMENTAL_TYPE.authData) r.bad(`auth incremental type ${type}`)
    return { _tag: 'AuthData', authType: r.u32(), data: r.blob() }
  })
