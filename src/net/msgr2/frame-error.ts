/** Why a stream cannot be read on. Each of them ends the socket; none reaches another peer. */
import { describeDecodeError, type DecodeError } from '../../codec/error.ts'

export type FrameError =
  /** The peer speaks the legacy protocol, which begins `ceph v027`. */
  | { readonly _tag: 'LegacyBanner' }
  | { readonly _tag: 'BadBanner'; readonly bytes: Buffer }
  | { readonly _tag: 'BannerTooLong'; readonly payloadBytes: number; readonly payloadBytesMax: number }
  | { readonly _tag: 'BadPreambleCrc'; readonly expected: number; readonly found: number }
  | { readonly _tag: 'BadSegmentCount'; readonly count: number }
  | { readonly _tag: 'EmptyLastSegment' }
  | { readonly _tag: 'FrameTooLarge'; readonly frameBytes: number; readonly frameBytesMax: number }
  /** More was said before AUTH_DONE than authentication takes. */
  | { readonly _tag: 'TranscriptTooLong'; readonly bytesMax: number }
  | { readonly _tag: 'BadSegmentCrc'; readonly segment: number }
  | { readonly _tag: 'BadLateStatus'; readonly status: number }
  /** AES-GCM says that the bytes are not the peer's. */
  | { readonly _tag: 'BadAuthTag' }
  /** A further frame would repeat the first nonce. */
  | { readonly _tag: 'NonceExhausted' }
  | { readonly _tag: 'UnknownTag'; readonly tag: number }
  | { readonly _tag: 'BadPayload'; readonly tag: number; readonly error: DecodeError }

/** One line for the log. */
export const describeFrameError = (error: FrameError): string => {
  switch (error._tag) {
    case 'LegacyBanner':
      return 'peer speaks the legacy protocol (msgr v1), only msgr v2 is served'
    case 'BadBanner':
      return `not a msgr v2 banner: ${error.bytes.toString('hex')}`
    case 'BannerTooLong':
      return `banner payload of ${error.payloadBytes} bytes exceeds ${error.payloadBytesMax}`
    case 'BadPreambleCrc':
      return `preamble crc ${error.found} is not ${error.expected}`
    case 'BadSegmentCount':
      return `frame of ${error.count} segments`
    case 'EmptyLastSegment':
      return 'last of several segments is empty'
    case 'FrameTooLarge':
      return `frame of ${error.frameBytes} bytes exceeds ${error.frameBytesMax}`
    case 'TranscriptTooLong':
      return `more than ${error.bytesMax} bytes before authentication is over`
    case 'BadSegmentCrc':
      return `crc of segment ${error.segment} does not match`
    case 'BadLateStatus':
      return `late status ${error.status}`
    case 'BadAuthTag':
      return 'AES-GCM tag does not match'
    case 'NonceExhausted':
      return 'all nonces are used'
    case 'UnknownTag':
      return `unknown frame tag ${error.tag}`
    case 'BadPayload':
      return `payload of frame tag ${error.tag}: ${describeDecodeError(error.error)}`
  }
}
