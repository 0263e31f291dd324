import { decodeUuid, encodeUuid } from '../codec/type/uuid.ts'
import { messageCodec } from './codec.ts'

/**
 * A command to the active manager, which the monitor passes on for clients that sent it here.
 *
 * Grammar: uuid fsid, array of string; data is the command's input. Source: ceph src/messages/MMgrCommand.h.
 */
export interface MMgrCommand {
  readonly _tag: 'MMgrCommand'
  readonly fsid: string
  readonly cmd: readonly string[]
  readonly data: Buffer
}

export const MMgrCommand = messageCodec<MMgrCommand>({
  name: 'MMgrCommand',
  type: 0x709,
  version: 1,
  decode: (r, { data }) => ({
    _tag: 'MMgrCommand',
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

/** Grammar: i32 result, string text; data is the output. Source: ceph src/messages/MMgrCommandReply.h. */
export interface MMgrCommandReply {
  readonly _tag: 'MMgrCommandReply'
  /** 0 or a negative errno. */
  readonly result: number
  readonly text: string
  readonly data: Buffer
}

export const MMgrCommandReply = messageCodec<MMgrCommandReply>({
  name: 'MMgrCommandReply',
  type: 0x70a,
  version: 1,
  decode: (r, { data }) => ({ _tag: 'MMgrCommandReply', result: r.i32(), text: r.string(), data }),
  encode: (w, m) => {
    w.i32(m.result)
    w.string(m.text)
  },
  data: (m) => m.data,
})
