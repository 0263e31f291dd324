/**
 * The MESSAGE frame: header, front, middle, data.
 *
 * Grammar of the header, 41 bytes: u64 seq, u64 tid, u16 type, u16 priority, u16 version, u32 data pre-padding,
 *          u16 data offset, u64 ack seq, u8 flags, u16 compat version, u16 reserved.
 * Pre-padding, offset and reserved are written as 0, as every peer in scope does, and ignored when read.
 * Source:  ceph src/include/msgr.h ceph_msg_header2.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { DecodeError } from '../../codec/error.ts'
import type { RawMessage } from '../../message/raw.ts'

const HEADER_BYTES = 41
const EMPTY = Buffer.alloc(0)

/** Complete, and without crcs of its own: what every sender writes. Source: ceph CEPH_MSG_FOOTER_COMPLETE, _NOCRC. */
export const MESSAGE_FLAGS = 3

export interface MessageFrame {
  readonly _tag: 'MESSAGE'
  readonly message: RawMessage
  /** The last message that the sender has received on this connection. */
  readonly ackSeq: bigint
  readonly flags: number
}

/** Errors: Truncated when the header segment is short. The payload segments are views of the input. */
export const decodeMessageFrame = (segments: readonly Buffer[]): E.Either<DecodeError, MessageFrame> => {
  const [header = EMPTY, front = EMPTY, middle = EMPTY, data = EMPTY] = segments
  if (header.length < HEADER_BYTES)
    return E.left({ _tag: 'Truncated', at: 0, need: HEADER_BYTES, have: header.length })
  const message: RawMessage = {
    seq: header.readBigUInt64LE(0),
    tid: header.readBigUInt64LE(8),
    type: header.readUInt16LE(16),
    priority: header.readUInt16LE(18),
    version: header.readUInt16LE(20),
    compat: header.readUInt16LE(37),
    front,
    middle,
    data,
  }
  return E.right({
    _tag: 'MESSAGE',
    message,
    ackSeq: header.readBigUInt64LE(28),
    flags: header.readUInt8(36),
  })
}

/** The four segments of the frame; whoever frames them drops the empty ones at the end. */
export const messageSegments = ({ message, ackSeq, flags }: MessageFrame): readonly Buffer[] => {
  const header = Buffer.allocUnsafe(HEADER_BYTES)
  header.writeBigUInt64LE(message.seq, 0)
  header.writeBigUInt64LE(message.tid, 8)
  header.writeUInt16LE(message.type, 16)
  header.writeUInt16LE(message.priority, 18)
  header.writeUInt16LE(message.version, 20)
  header.writeUInt32LE(0, 22)
  header.writeUInt16LE(0, 26)
  header.writeBigUInt64LE(ackSeq, 28)
  header.writeUInt8(flags, 36)
  header.writeUInt16LE(message.compat, 37)
  header.writeUInt16LE(0, 39)
  return [header, message.front, message.middle, message.data]
}
