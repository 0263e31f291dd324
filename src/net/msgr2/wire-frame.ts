/**
 * A frame as segments, between the bytes on the wire (crc or secure framing) and its meaning (`frame.ts`).
 * The accepted framings are two modes in two revisions; `Framer` and `Deframer` are one direction of one of them.
 */
import type * as E from 'fp-ts/lib/Either.js'
import type { ByteQueue } from './byte-queue.ts'
import type { FrameError } from './frame-error.ts'

export interface WireFrame {
  readonly tag: number
  /** One to four; the last of several is not empty. */
  readonly segments: readonly Buffer[]
}

/** msgr v2.0 is revision 0, msgr v2.1 revision 1. */
export type Revision = 0 | 1

/** Appends the bytes of one frame to `out`; large segments are appended as they are, not copied. */
export type Framer = (frame: WireFrame, out: Buffer[]) => E.Either<FrameError, void>

/**
 * The next frame of `bytes`; undefined while it is not all there. A frame that its sender aborted is skipped.
 * Keeps what it has read of an incomplete frame.
 */
export type Deframer = (
  bytes: ByteQueue,
  frameBytesMax: number,
) => E.Either<FrameError, WireFrame | undefined>

const LATE_STATUS_MASK = 0x0f
const LATE_STATUS_ABORTED = 0x01
/** Epilogue's first byte of a frame that is whole, revision 1. */
export const LATE_STATUS_COMPLETE = 0x0e

/** What an epilogue of revision 1 says. Source: ceph src/msg/async/frames_v2.h FRAME_LATE_STATUS_*. */
export const judgeLateStatus = (status: number): 'complete' | 'aborted' | 'bad' => {
  const low = status & LATE_STATUS_MASK
  return low === LATE_STATUS_COMPLETE ? 'complete' : low === LATE_STATUS_ABORTED ? 'aborted' : 'bad'
}

/** What an epilogue of revision 0 says: bit 0 is "aborted". Source: frames_v2.h FRAME_LATE_FLAG_ABORTED. */
export const isAbortedRevision0 = (flags: number): boolean => (flags & 1) !== 0

/** A segment of this size or more is handed to the socket as it is; below, copying is cheaper. */
export const COPY_BYTES_MAX = 16 * 1024
