/**
 * A message inside a message, as MForward and MRoute carry it: in the classic form of the first messenger, with
 * the name of its original sender and with checksums.
 *
 * Grammar: header = { u64 seq, u64 tid, u16 type, u16 priority, u16 version, u32 front length, u32 middle length,
 *                     u32 data length, u16 data offset, entity_name_t src, u16 compat, u16 reserved, u32 crc }
 *          footer = { u32 front crc, u32 middle crc, u32 data crc, u8 flags }
 *          header, footer, blob front, blob middle, blob data.
 *          Every crc has seed 0; the header's covers the 49 bytes before it.
 * Source: ceph src/msg/Message.cc encode_message, decode_message; src/include/msgr.h ceph_msg_header.
 */
import { crc32c } from '../codec/crc32c.ts'
import type { Reader } from '../codec/reader.ts'
import { decodeEntityNumber, encodeEntityNumber, type EntityNumber } from '../codec/type/entity-name.ts'
import { encoded, type Writer } from '../codec/writer.ts'
import type { RawMessage } from './raw.ts'

export interface EmbeddedMessage {
  /** `osd.3`: who sent it to the monitor that passes it on. */
  readonly src: EntityNumber
  readonly message: RawMessage
}

const CRC_SEED_EMBEDDED = 0
const CEPH_MSG_FOOTER_COMPLETE = 1
// No message of ours asks for its data to be aligned.
const DATA_OFFSET = 0
const RESERVED = 0

/**
 * Reads one embedded message. Checksums are read over, as the original does: the frame around has its own.
 *
 * Errors: BadValue when a segment's length is not the one that the header gives.
 */
export const decodeEmbedded = (r: Reader): EmbeddedMessage => {
  const head = { seq: r.u64(), tid: r.u64(), type: r.u16(), priority: r.u16(), version: r.u16() }
  const lengths = [r.u32(), r.u32(), r.u32()]
  r.u16()
  const src = decodeEntityNumber(r)
  const compat = r.u16()
  r.u16()
  r.u32()
  decodeFooter(r)
  const [front, middle, data] = [r.blob(), r.blob(), r.blob()]
  if (!r.failed && [front, middle, data].some((segment, i) => segment.length !== lengths[i]))
    r.bad('embedded message whose segments differ from its header')
  return { src, message: { ...head, compat, front, middle, data } }
}

const decodeFooter = (r: Reader): void => {
  r.u32()
  r.u32()
  r.u32()
  r.u8()
}

export const encodeEmbedded = (w: Writer, { src, message }: EmbeddedMessage): void => {
  const header = encoded((h) => {
    h.u64(message.seq)
    h.u64(message.tid)
    h.u16(message.type)
    h.u16(message.priority)
    h.u16(message.version)
    h.u32(message.front.length)
    h.u32(message.middle.length)
    h.u32(message.data.length)
    h.u16(DATA_OFFSET)
    encodeEntityNumber(h, src)
    h.u16(message.compat)
    h.u16(RESERVED)
  })
  w.raw(header)
  w.u32(crc32c(CRC_SEED_EMBEDDED, header))
  const segments = [message.front, message.middle, message.data]
  for (const segment of segments) w.u32(crc32c(CRC_SEED_EMBEDDED, segment))
  w.u8(CEPH_MSG_FOOTER_COMPLETE)
  for (const segment of segments) w.blob(segment)
}
