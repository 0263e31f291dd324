/**
 * The first bytes of either side: who speaks msgr v2, and which of its features.
 *
 * Grammar: "ceph v2\n", u16 payload length, payload { u64 supported features, u64 required features, … }.
 * Source:  ceph src/msg/async/ProtocolV2.cc _banner_exchange, src/include/msgr.h CEPH_BANNER_V2_PREFIX.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { DecodeError } from '../../codec/error.ts'
import { decodeFrom } from '../../codec/reader.ts'
import { encoded } from '../../codec/writer.ts'
import type { ByteQueue } from './byte-queue.ts'
import type { FrameError } from './frame-error.ts'
import { BANNER_PAYLOAD_BYTES_MAX } from './limit.ts'

const PREFIX = Buffer.from('ceph v2\n', 'latin1')
const LEGACY_PREFIX = Buffer.from('ceph v0', 'latin1')
const HEAD_BYTES = PREFIX.length + 2

/** Bit 0: frames of revision 1, msgr v2.1. */
export const MSGR2_FEATURE_REVISION_1 = 1n
export const MSGR2_FEATURES_SUPPORTED = MSGR2_FEATURE_REVISION_1
export const MSGR2_FEATURES_REQUIRED = 0n

export interface Banner {
  readonly supported: bigint
  readonly required: bigint
}

export const OUR_BANNER: Banner = { supported: MSGR2_FEATURES_SUPPORTED, required: MSGR2_FEATURES_REQUIRED }

export const encodeBanner = (banner: Banner): Buffer =>
  encoded((w) => {
    w.raw(PREFIX)
    w.u16(16)
    w.u64(banner.supported)
    w.u64(banner.required)
  })

/**
 * Takes the banner from the queue; undefined while it is not all there. A wrong start is told at the first byte
 * that differs, so that a peer of another protocol is not waited for.
 *
 * Errors: LegacyBanner, BadBanner, BannerTooLong, BadPayload.
 */
export const takeBanner = (bytes: ByteQueue): E.Either<FrameError, Banner | undefined> => {
  const head = bytes.peek(Math.min(bytes.length, HEAD_BYTES))
  const prefix = head.subarray(0, PREFIX.length)
  if (!startsAlike(prefix, PREFIX)) {
    if (startsAlike(prefix.subarray(0, LEGACY_PREFIX.length), LEGACY_PREFIX))
      return E.left({ _tag: 'LegacyBanner' })
    return E.left({ _tag: 'BadBanner', bytes: Buffer.from(prefix) })
  }
  if (head.length < HEAD_BYTES) return E.right(undefined)
  const payloadBytes = head.readUInt16LE(PREFIX.length)
  if (payloadBytes > BANNER_PAYLOAD_BYTES_MAX)
    return E.left({ _tag: 'BannerTooLong', payloadBytes, payloadBytesMax: BANNER_PAYLOAD_BYTES_MAX })
  if (bytes.length < HEAD_BYTES + payloadBytes) return E.right(undefined)
  bytes.take(HEAD_BYTES)
  const decoded = decodeFrom((r) => ({ supported: r.u64(), required: r.u64() }), bytes.take(payloadBytes))
  return E.mapLeft((error: DecodeError): FrameError => ({ _tag: 'BadPayload', tag: 0, error }))(decoded)
}

const startsAlike = (bytes: Buffer, prefix: Buffer): boolean => bytes.equals(prefix.subarray(0, bytes.length))
