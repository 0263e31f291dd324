/** Commands to a daemon and their replies; the two for the manager have the same payload under other numbers. */
import type { Reader } from '../codec/reader.ts'
import type { Writer } from '../codec/writer.ts'
import { decodeUuid, encodeUuid } from '../codec/type/uuid.ts'
import { messageCodec, type Envelope } from './codec.ts'
import { PRIORITY } from './raw.ts'

interface CommandFields {
  readonly fsid: string
  readonly cmd: readonly string[]
  /** The command's input. */
  readonly data: Buffer
}

interface ReplyFields {
  /** 0 or a negative errno. */
  readonly result: number
  readonly text: string
  /** The command's output. */
  readonly data: Buffer
}

const decodeCommand = (r: Reader, { data }: Envelope): CommandFields => ({
  fsid: decodeUuid(r),
  cmd: r.array(r.string),
  data,
})

const encodeCommand = (w: Writer, { fsid, cmd }: CommandFields): void => {
  encodeUuid(w, fsid)
  w.array(cmd, (item, text) => item.string(text))
}

const decodeReply = (r: Reader, { data }: Envelope): ReplyFields => ({
  result: r.i32(),
  text: r.string(),
  data,
})

const encodeReply = (w: Writer, { result, text }: ReplyFields): void => {
  w.i32(result)
  w.string(text)
}

/**
 * A command to this one daemon (`ceph tell`).
 *
 * Grammar: uuid fsid, array of string; data is the command's input. Source: ceph src/messages/MCommand.h.
 */
export interface MCommand extends CommandFields {
  readonly _tag: 'MCommand'
}

export const MCommand = messageCodec<MCommand>({
  name: 'MCommand',
  type: 97,
  version: 1,
  priority: PRIORITY.default,
  decode: (r, parts) => ({ _tag: 'MCommand', ...decodeCommand(r, parts) }),
  encode: encodeCommand,
  data: (m) => m.data,
})

/** Grammar: i32 result, string text; data is the output. Source: ceph src/messages/MCommandReply.h. */
export interface MCommandReply extends ReplyFields {
  readonly _tag: 'MCommandReply'
}

export const MCommandReply = messageCodec<MCommandReply>({
  name: 'MCommandReply',
  type: 98,
  version: 1,
  decode: (r, parts) => ({ _tag: 'MCommandReply', ...decodeReply(r, parts) }),
  encode: encodeReply,
  data: (m) => m.data,
})

/** A command to the active manager, as MCommand. Source: ceph src/messages/MMgrCommand.h. */
export interface MMgrCommand extends CommandFields {
  readonly _tag: 'MMgrCommand'
}

export const MMgrCommand = messageCodec<MMgrCommand>({
  name: 'MMgrCommand',
  type: 0x709,
  version: 1,
  decode: (r, parts) => ({ _tag: 'MMgrCommand', ...decodeCommand(r, parts) }),
  encode: encodeCommand,
  data: (m) => m.data,
})

/** The manager's answer, as MCommandReply. Source: ceph src/messages/MMgrCommandReply.h. */
export interface MMgrCommandReply extends ReplyFields {
  readonly _tag: 'MMgrCommandReply'
}

export const MMgrCommandReply = messageCodec<MMgrCommandReply>({
  name: 'MMgrCommandReply',
  type: 0x70a,
  version: 1,
  decode: (r, parts) => ({ _tag: 'MMgrCommandReply', ...decodeReply(r, parts) }),
  encode: encodeReply,
  data: (m) => m.data,
})
