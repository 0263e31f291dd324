/**
 * What messages to a PaxosService start with: the version of the map that the sender has, or that answers it.
 *
 * Grammar: u64 version, i16 -1, u64 0 (the last two named a session before Jewel and are ignored).
 * Source: ceph src/messages/PaxosServiceMessage.h paxos_encode.
 */
import type { Reader } from '../codec/reader.ts'
import type { Writer } from '../codec/writer.ts'

const NO_SESSION_MON = -1
const NO_SESSION_TID = 0n

export const decodePaxosPrefix = (r: Reader): bigint => {
  const version = r.u64()
  r.i16()
  r.u64()
  return version
}

export const encodePaxosPrefix = (w: Writer, version: bigint): void => {
  w.u64(version)
  w.i16(NO_SESSION_MON)
  w.u64(NO_SESSION_TID)
}
