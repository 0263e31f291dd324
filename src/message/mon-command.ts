import { decodeUuid, encodeUuid } from '../codec/type/uuid.ts'
import { messageCodec } from './codec.ts'
import { decodePaxosPrefix, encodePaxosPrefix } from './paxos-prefix.ts'
import { PRIORITY } from './raw.ts'

/**
 * A command to the cluster's monitors.
 *
 * Grammar: paxos prefix, uuid fsid, array of string; data is the command's input (`-i file`).
 * Source: ceph src/messages/MMonCommand.h.
 */
export interface MMonCommand {
  readonly _tag: 'MMonCommand'
  readonly version: bigint
  readonly fsid: string
  /** One JSON text, as a rule; several are one text in pieces. */
  readonly cmd: readonly string[]
  readonly data: Buffer
}

export const MMonCommand = messageCodec<MMonCommand>({
  name: 'MMonCommand',
  type: 50,
  version: 1,
  priority: PRIORITY.default,
  decode: (r, { data }) => ({
    _tag: 'MMonCommand',
    version: decodePaxosPrefix(r),
    fsid: decodeUuid(r),
    cmd: r.array(r.string),
    data,
  }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    encodeUuid(w, m.fsid)
    w.array(m.cmd, (item, text) => item.string(text))
  },
  data: (m) => m.data,
})

/**
 * Grammar: paxos prefix, i32 result, string text, array of string (the command, repeated); data is the output.
 * Source: ceph src/messages/MMonCommandAck.h.
 */
export interface MMonCommandAck {
  readonly _tag: 'MMonCommandAck'
  /** Last committed version of the service that answered. */
  readonly version: bigint
  /** 0 or a negative errno. */
  readonly result: number
  readonly text: string
  readonly cmd: readonly string[]
  readonly data: Buffer
}

export const MMonCommandAck = messageCodec<MMonCommandAck>({
  name: 'MMonCommandAck',
  type: 51,
  version: 1,
  decode: (r, { data }) => ({
    _tag: 'MMonCommandAck',
    version: decodePaxosPrefix(r),
    result: r.i32(),
    text: r.string(),
    cmd: r.array(r.string),
    data,
  }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    w.i32(m.result)
    w.string(m.text)
    w.array(m.cmd, (item, text) => item.string(text))
  },
  data: (m) => m.data,
})
