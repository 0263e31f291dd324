import { decodeUuid, encodeUuid } from '../codec/type/uuid.ts'
import { messageCodec } from './codec.ts'
import { PRIORITY } from './raw.ts'

/**
 * A command to this one daemon (`ceph tell`).
 *
 * Grammar: uuid fsid, array of string; data is the command's input. Source: ceph src/messages/MCommand.h.
 */
export interface MCommand {
  readonly _tag: 'MCommand'
  readonly fsid: string
  readonly cmd: readonly string[]
  readonly data: Buffer
}

export const MCommand = messageCodec<MCommand>({
  name: 'MCommand',
  type: 97,
  version: 1,
  priority: PRIORITY.default,
  decode: (r, { data }) => ({
    _tag: 'MCommand',
    fsid: decodeUuid(r),
    cmd: r.array(r.string),
    data,
  }),
  encode: (w, m) => {
    encodeUuid(w, m.fsid)
    w.array(m.cmd, (item, text) => item.string(text))
  },
  data: (m) => m.data,
})

/** Grammar: i32 result, string text; data is the output. Source: ceph src/messages/MCommandReply.h. */
export interface MCommandReply {
  readonly _tag: 'MCommandReply'
  /** 0 or a negative errno. */
  readonly result: number
  readonly text: string
  readonly data: Buffer
}

export const MCommandReply = messageCodec<MCommandReply>({
  name: 'MCommandReply',
  type: 98,
  version: 1,
  decode: (r, { data }) => ({ _tag: 'MCommandReply', result: r.i32(), text: r.string(), data }),
  encode: (w, m) => {
    w.i32(m.result)
    w.string(m.text)
  },
  data: (m) => m.data,
})
