/**
 * Strings on the wire are bytes. Valid UTF-8 becomes ordinary text; a byte that is not part of valid UTF-8
 * becomes the lone surrogate U+DC00 + byte, so that every string re-encodes to the bytes it came from.
 */
import { isUtf8 } from 'node:buffer'

const ESCAPE = 0xdc00

// Length of the valid UTF-8 sequence at `at`, 0 when there is none.
const sequenceBytes = (bytes: Buffer, at: number): number => {
  for (const length of [1, 2, 3, 4])
    if (at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length))) return length
  return 0
}

/** Text of `bytes`; never fails. */
export const textOf = (bytes: Buffer): string => {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  const parts: string[] = []
  for (let at = 0; at < bytes.length;) {
    const length = sequenceBytes(bytes, at)
    parts.push(
      length === 0
        ? String.fromCharCode(ESCAPE + bytes.readUInt8(at))
        : bytes.toString('utf8', at, at + length),
    )
    at += Math.max(length, 1)
  }
  return parts.join('')
}

/** The bytes of `text`; inverse of `textOf`. A lone surrogate outside the escapes becomes U+FFFD. */
export const wireBytes = (text: string): Buffer => {
  if (text.isWellFormed()) return Buffer.from(text, 'utf8')
  const parts: Buffer[] = []
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    const escaped = code >= ESCAPE + 0x80 && code <= ESCAPE + 0xff
    parts.push(escaped ? Buffer.from([code - ESCAPE]) : Buffer.from(char, 'utf8'))
  }
  return Buffer.concat(parts)
}
