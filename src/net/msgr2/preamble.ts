/**
 * The 32 bytes before every frame.
 *
 * Grammar: u8 tag, u8 segment count, 4 × { u32 length, u16 alignment }, 2 reserved bytes,
 *          u32 crc32c of the 28 bytes before it, seed 0.
 * Source:  ceph src/msg/async/frames_v2.h preamble_block_t.
 */
import * as E from 'fp-ts/lib/Either.js'
import { crc32c } from '../../codec/crc32c.ts'
import type { FrameError } from './frame-error.ts'

export const PREAMBLE_BYTES = 32
export const SEGMENTS_MAX = 4
const CRC_AT = 28
const DESCRIPTOR_BYTES = 6
/** What Ceph hints for a segment; a message's data segment is meant to be read to a page. */
export const ALIGNMENT_DEFAULT = 8
export const ALIGNMENT_PAGE = 4096
const DATA_SEGMENT = 3

export interface Preamble {
  readonly tag: number
  /** One to four, in bytes. */
  readonly segmentBytes: readonly number[]
}

/** Segments as they are sent: without empty ones at the end, but at least one. */
export const trimSegments = (segments: readonly Buffer[]): readonly Buffer[] => {
  let count = segments.length
  while (count > 1 && segments[count - 1]?.length === 0) count--
  return segments.slice(0, count)
}

/** Writes the preamble of `segments`, which are trimmed, to the first 32 bytes of `out`. */
export const writePreamble = (out: Buffer, tag: number, segments: readonly Buffer[]): void => {
  out.fill(0, 0, PREAMBLE_BYTES)
  out.writeUInt8(tag, 0)
  out.writeUInt8(segments.length, 1)
  for (let i = 0; i < segments.length; i++) {
    const at = 2 + i * DESCRIPTOR_BYTES
    out.writeUInt32LE(segments[i]?.length ?? 0, at)
    out.writeUInt16LE(i === DATA_SEGMENT ? ALIGNMENT_PAGE : ALIGNMENT_DEFAULT, at + 4)
  }
  out.writeUInt32LE(crc32c(0, out.subarray(0, CRC_AT)), CRC_AT)
}

/**
 * Reads and judges a preamble of 32 bytes. After it the frame's size is known and within `frameBytesMax`.
 *
 * Errors: BadPreambleCrc, BadSegmentCount, EmptyLastSegment, FrameTooLarge.
 */
export const readPreamble = (bytes: Buffer, frameBytesMax: number): E.Either<FrameError, Preamble> => {
  const expected = crc32c(0, bytes.subarray(0, CRC_AT))
  const found = bytes.readUInt32LE(CRC_AT)
  if (expected !== found) return E.left({ _tag: 'BadPreambleCrc', expected, found })
  const count = bytes.readUInt8(1)
  if (count < 1 || count > SEGMENTS_MAX) return E.left({ _tag: 'BadSegmentCount', count })
  const segmentBytes: number[] = []
  let frameBytes = 0
  for (let i = 0; i < count; i++) {
    const length = bytes.readUInt32LE(2 + i * DESCRIPTOR_BYTES)
    segmentBytes.push(length)
    frameBytes += length
  }
  if (count > 1 && segmentBytes[count - 1] === 0) return E.left({ _tag: 'EmptyLastSegment' })
  if (frameBytes > frameBytesMax) return E.left({ _tag: 'FrameTooLarge', frameBytes, frameBytesMax })
  return E.right({ tag: bytes.readUInt8(0), segmentBytes })
}
