/**
 * Values of the auth service in the store.
 *
 * Grammar: auth/N      = u8 1, AuthMonitor::Incremental records to the end
 *          auth/full_N = u8 1, u64 max global id, KeyServerData
 * Source:  ceph src/mon/AuthMonitor.cc encode_pending, encode_full, update_from_paxos.
 */
import * as E from 'fp-ts/lib/Either.js'
import { decodeFrom, type Reader } from '../codec/reader.ts'
import type { DecodeError } from '../codec/error.ts'
import { encoded } from '../codec/writer.ts'
import {
  type AuthIncremental,
  decodeAuthIncremental,
  encodeAuthIncremental,
  keyServerIncrementalOf,
} from './auth-incremental.ts'
import {
  applyKeyServerIncrementals,
  decodeKeyServerData,
  EMPTY_KEY_SERVER_DATA,
  encodeKeyServerData,
  type KeyServerData,
  type KeyServerIncremental,
} from './key-server-data.ts'

const VALUE_VERSION = 1

/** Everything that the auth service's versions add up to. */
export interface AuthVersion {
  readonly keys: KeyServerData
  readonly maxGlobalId: bigint
}

export const NO_AUTH_VERSION: AuthVersion = { keys: EMPTY_KEY_SERVER_DATA, maxGlobalId: 0n }

/** auth/N. */
export const authIncrementalsBytes = (incrementals: readonly AuthIncremental[]): Buffer =>
  encoded((w) => {
    w.u8(VALUE_VERSION)
    for (const incremental of incrementals) encodeAuthIncremental(w, incremental)
  })

export const decodeAuthIncrementals = (r: Reader): readonly AuthIncremental[] => {
  r.u8()
  const incrementals: AuthIncremental[] = []
  while (r.remaining > 0 && !r.failed) incrementals.push(decodeAuthIncremental(r))
  return incrementals
}

/** auth/full_N. */
export const authFullBytes = ({ keys, maxGlobalId }: AuthVersion): Buffer =>
  encoded((w) => {
    w.u8(VALUE_VERSION)
    w.u64(maxGlobalId)
    encodeKeyServerData(w, keys)
  })

export const decodeAuthFull = (r: Reader): AuthVersion => {
  r.u8()
  return { maxGlobalId: r.u64(), keys: decodeKeyServerData(r) }
}

/** `state` after auth/`version`, whose value is `bytes`. The first version replaces whatever was there. */
export const applyAuthVersion = (
  state: AuthVersion,
  version: bigint,
  bytes: Buffer,
): E.Either<DecodeError, AuthVersion> => {
  const incrementals = decodeFrom(decodeAuthIncrementals, bytes)
  if (E.isLeft(incrementals)) return incrementals
  const before = version === 1n ? NO_AUTH_VERSION : state
  const changes: KeyServerIncremental[] = []
  let { maxGlobalId } = before
  for (const incremental of incrementals.right) {
    if (incremental._tag === 'GlobalId') {
      maxGlobalId = incremental.maxGlobalId
      continue
    }
    const change = keyServerIncrementalOf(incremental.data)
    if (E.isLeft(change)) return change
    changes.push(change.right)
  }
  const keys = { ...applyKeyServerIncrementals(before.keys, changes), version }
  return E.right({ keys, maxGlobalId })
}
