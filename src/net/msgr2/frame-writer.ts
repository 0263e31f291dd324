/** Frames of one direction → bytes, with the transcript that AUTH_SIGNATURE covers. */
import type * as E from 'fp-ts/lib/Either.js'
import { encodeBanner, type Banner } from './banner.ts'
import { crcFramer } from './crc-framing.ts'
import { encodeFrame, type Frame } from './frame.ts'
import type { FrameError } from './frame-error.ts'
import { secureFramer, type StreamKey } from './secure.ts'
import type { Framer, Revision } from './wire-frame.ts'

export class FrameWriter {
  private framer: Framer = crcFramer(1)
  private record: Buffer[] | undefined = []

  writeBanner(banner: Banner, out: Buffer[]): void {
    const bytes = encodeBanner(banner)
    this.record?.push(bytes)
    out.push(bytes)
  }

  /** Appends the frame's bytes to `out`. Errors: NonceExhausted. */
  write(frame: Frame, out: Buffer[]): E.Either<FrameError, void> {
    const from = out.length
    const written = this.framer(encodeFrame(frame), out)
    this.record?.push(...out.slice(from))
    return written
  }

  useRevision(revision: Revision): void {
    this.framer = crcFramer(revision)
  }

  /** From the next frame on, frames are sealed with this key. */
  useKey(key: StreamKey, revision: Revision): void {
    this.framer = secureFramer(key, revision)
  }

  transcript(): readonly Buffer[] {
    return this.record ?? []
  }

  endTranscript(): void {
    this.record = undefined
  }
}
