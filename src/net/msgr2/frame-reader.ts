/**
 * Bytes of one direction in any split → banner, then frames. It is pulled frame by frame, because a frame may
 * change how the next one is read: after AUTH_DONE the rest of the same chunk can be ciphertext.
 */
import * as E from 'fp-ts/lib/Either.js'
import { takeBanner, type Banner } from './banner.ts'
import { ByteQueue } from './byte-queue.ts'
import { crcDeframer } from './crc-framing.ts'
import { decodeFrame, type Frame } from './frame.ts'
import type { FrameError } from './frame-error.ts'
import { FRAME_BYTES_MAX, FRAME_BYTES_MAX_BEFORE_READY, TRANSCRIPT_BYTES_MAX } from './limit.ts'
import { secureDeframer, type StreamKey } from './secure.ts'
import type { Deframer, Revision, WireFrame } from './wire-frame.ts'

export class FrameReader {
  private readonly bytes = new ByteQueue()
  private deframe: Deframer = crcDeframer(1)
  private frameBytesMax = FRAME_BYTES_MAX_BEFORE_READY

  constructor() {
    this.bytes.startRecord()
  }

  push(chunk: Buffer): void {
    this.bytes.push(chunk)
  }

  /** Bytes that have arrived and are not read. */
  get pendingBytes(): number {
    return this.bytes.length
  }

  /** The banner; undefined while it is not all there. To be called until it came, before `next`. */
  banner(): E.Either<FrameError, Banner | undefined> {
    return takeBanner(this.bytes)
  }

  /** The next frame; undefined while it is not all there. After an error the stream cannot be read on. */
  next(): E.Either<FrameError, Frame | undefined> {
    const wire = this.nextWire()
    if (E.isLeft(wire)) return wire
    return wire.right === undefined ? E.right(undefined) : decodeFrame(wire.right)
  }

  /** As `next`, undecoded. */
  nextWire(): E.Either<FrameError, WireFrame | undefined> {
    if (this.bytes.recordedBytes > TRANSCRIPT_BYTES_MAX)
      return E.left({ _tag: 'TranscriptTooLong', bytesMax: TRANSCRIPT_BYTES_MAX })
    return this.deframe(this.bytes, this.frameBytesMax)
  }

  /** Says how frames are laid out; to be called between banner and first frame. */
  useRevision(revision: Revision): void {
    this.deframe = crcDeframer(revision)
  }

  /** From the next frame on, frames are sealed with this key. */
  useKey(key: StreamKey, revision: Revision): void {
    this.deframe = secureDeframer(key, revision)
  }

  /** Every byte read so far, while they are kept: what AUTH_SIGNATURE covers. */
  transcript(): readonly Buffer[] {
    return this.bytes.recorded()
  }

  /** Authentication is over: the transcript is no longer kept. */
  endTranscript(): void {
    this.bytes.stopRecord()
  }

  /** The connection stands: larger frames are accepted. */
  acceptMessages(): void {
    this.frameBytesMax = FRAME_BYTES_MAX
  }
}
