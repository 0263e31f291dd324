/**
 * Frames in the clear, with crc32c of every segment.
 *
 * Grammar, revision 1: preamble, segment 0, u32 crc of it unless it is empty; if there are more segments: segments
 *          1 to n, epilogue { u8 late status, u32 crc of segments 1, 2 and 3 }.
 * Grammar, revision 0: preamble, all segments, epilogue { u8 flags, 4 × u32 crc }.
 * The crc of a segment that is not there is 0, of one that is empty the seed.
 * Source:  ceph src/msg/async/frames_v2.cc asm_crc_rev0, asm_crc_rev1, disasm_first_crc_rev1.
 */
import * as E from 'fp-ts/lib/Either.js'
import { CRC_SEED, crc32c } from '../../codec/crc32c.ts'
import type { ByteQueue } from './byte-queue.ts'
import type { FrameError } from './frame-error.ts'
import {
  PREAMBLE_BYTES,
  readPreamble,
  SEGMENTS_MAX,
  trimSegments,
  writePreamble,
  type Preamble,
} from './preamble.ts'
import {
  COPY_BYTES_MAX,
  isAbortedRevision0,
  judgeLateStatus,
  LATE_STATUS_COMPLETE,
  type Deframer,
  type Framer,
  type Revision,
  type WireFrame,
} from './wire-frame.ts'

const CRC_BYTES = 4
const EPILOGUE_BYTES = 1 + (SEGMENTS_MAX - 1) * CRC_BYTES
const EPILOGUE_BYTES_REVISION_0 = 1 + SEGMENTS_MAX * CRC_BYTES

/** Writes frames of one direction. Errors: none. */
export const crcFramer = (revision: Revision): Framer => (revision === 1 ? frameRevision1 : frameRevision0)

/** Reads frames of one direction. Errors: those of the preamble, BadSegmentCrc, BadLateStatus. */
export const crcDeframer = (revision: Revision): Deframer => {
  let preamble: Preamble | undefined
  const layout = revision === 1 ? revision1 : revision0
  return (bytes, frameBytesMax) => {
    for (;;) {
      if (preamble === undefined) {
        if (bytes.length < PREAMBLE_BYTES) return E.right(undefined)
        const read = readPreamble(bytes.take(PREAMBLE_BYTES), frameBytesMax)
        if (E.isLeft(read)) return read
        preamble = read.right
      }
      if (bytes.length < layout.bodyBytes(preamble)) return E.right(undefined)
      const body = layout.readBody(bytes, preamble)
      preamble = undefined
      if (E.isLeft(body) || body.right !== undefined) return body
    }
  }
}

interface Layout {
  readonly bodyBytes: (preamble: Preamble) => number
  /** Undefined for a frame that its sender aborted. */
  readonly readBody: (bytes: ByteQueue, preamble: Preamble) => E.Either<FrameError, WireFrame | undefined>
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
const RIGHT_VOID: E.Either<never, void> = E.right(undefined)
const SKIPPED: E.Either<never, undefined> = E.right(undefined)

const revision1: Layout = {
  bodyBytes: ({ segmentBytes }) =>
    sum(segmentBytes) +
    (segmentBytes[0] === 0 ? 0 : CRC_BYTES) +
    (segmentBytes.length > 1 ? EPILOGUE_BYTES : 0),
  readBody: (bytes, { tag, segmentBytes }) => {
    const segments = [bytes.take(segmentBytes[0] ?? 0)]
    if (segmentBytes[0] !== 0 && bytes.take(CRC_BYTES).readUInt32LE(0) !== segmentCrc(segments[0]))
      return E.left({ _tag: 'BadSegmentCrc', segment: 0 })
    if (segmentBytes.length === 1) return E.right({ tag, segments })
    for (const length of segmentBytes.slice(1)) segments.push(bytes.take(length))
    const epilogue = bytes.take(EPILOGUE_BYTES)
    const status = epilogue.readUInt8(0)
    const judged = judgeLateStatus(status)
    if (judged === 'bad') return E.left({ _tag: 'BadLateStatus', status })
    if (judged === 'aborted') return SKIPPED
    for (let i = 1; i < segments.length; i++)
      if (epilogue.readUInt32LE(1 + (i - 1) * CRC_BYTES) !== segmentCrc(segments[i]))
        return E.left({ _tag: 'BadSegmentCrc', segment: i })
    return E.right({ tag, segments })
  },
}

const revision0: Layout = {
  bodyBytes: ({ segmentBytes }) => sum(segmentBytes) + EPILOGUE_BYTES_REVISION_0,
  readBody: (bytes, { tag, segmentBytes }) => {
    const segments = segmentBytes.map((length) => bytes.take(length))
    const epilogue = bytes.take(EPILOGUE_BYTES_REVISION_0)
    if (isAbortedRevision0(epilogue.readUInt8(0))) return SKIPPED
    for (let i = 0; i < segments.length; i++)
      if (epilogue.readUInt32LE(1 + i * CRC_BYTES) !== segmentCrc(segments[i]))
        return E.left({ _tag: 'BadSegmentCrc', segment: i })
    return E.right({ tag, segments })
  },
}

const segmentCrc = (segment: Buffer | undefined): number =>
  segment === undefined ? 0 : crc32c(CRC_SEED, segment)

const frameRevision1: Framer = ({ tag, segments: all }, out) => {
  const segments = trimSegments(all)
  const first = segments[0] ?? Buffer.alloc(0)
  const sink = new Sink(out, PREAMBLE_BYTES + CRC_BYTES + EPILOGUE_BYTES, segments)
  writePreamble(sink.room(PREAMBLE_BYTES), tag, segments)
  sink.put(first)
  if (first.length > 0) sink.room(CRC_BYTES).writeUInt32LE(segmentCrc(first), 0)
  if (segments.length > 1) {
    for (let i = 1; i < segments.length; i++) sink.put(segments[i])
    const epilogue = sink.room(EPILOGUE_BYTES)
    epilogue.writeUInt8(LATE_STATUS_COMPLETE, 0)
    for (let i = 1; i < SEGMENTS_MAX; i++)
      epilogue.writeUInt32LE(segmentCrc(segments[i]), 1 + (i - 1) * CRC_BYTES)
  }
  sink.end()
  return RIGHT_VOID
}

const frameRevision0: Framer = ({ tag, segments: all }, out) => {
  const segments = trimSegments(all)
  const sink = new Sink(out, PREAMBLE_BYTES + EPILOGUE_BYTES_REVISION_0, segments)
  writePreamble(sink.room(PREAMBLE_BYTES), tag, segments)
  for (const segment of segments) sink.put(segment)
  const epilogue = sink.room(EPILOGUE_BYTES_REVISION_0)
  epilogue.writeUInt8(0, 0)
  for (let i = 0; i < SEGMENTS_MAX; i++) epilogue.writeUInt32LE(segmentCrc(segments[i]), 1 + i * CRC_BYTES)
  sink.end()
  return RIGHT_VOID
}

// One buffer for all that is small, in order with the segments that are not worth copying.
class Sink {
  private readonly out: Buffer[]
  private readonly buffer: Buffer
  private from = 0
  private at = 0

  constructor(out: Buffer[], ownBytes: number, segments: readonly Buffer[]) {
    const copied = sum(segments.map(({ length }) => (length < COPY_BYTES_MAX ? length : 0)))
    this.out = out
    this.buffer = Buffer.allocUnsafe(ownBytes + copied)
  }

  room(count: number): Buffer {
    this.at += count
    return this.buffer.subarray(this.at - count, this.at)
  }

  put(segment: Buffer | undefined): void {
    if (segment === undefined) return
    if (segment.length < COPY_BYTES_MAX) {
      segment.copy(this.buffer, this.at)
      this.at += segment.length
      return
    }
    this.end()
    this.out.push(segment)
  }

  end(): void {
    if (this.at > this.from) this.out.push(this.buffer.subarray(this.from, this.at))
    this.from = this.at
  }
}
