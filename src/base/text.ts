/**
 * Strings on the wire are bytes. Valid UTF-8 becomes ordinary text; a byte that is not part of valid UTF-8
 * becomes the lone surrogate U+DC00 + byte, so that every string re-encodes to the bytes it came from.
 *
 * Both directions take time and memory in proportion to the length, whatever a peer puts in.
 */
import { isUtf8 } from 'node:buffer'

const ESCAPE = 0xdc00
const UTF8_BYTES_MAX = 4

/** Text of `bytes`; never fails. */
export const textOf = (bytes: Buffer): string => {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  const out = Buffer.allocUnsafe(2 * bytes.length)
  let end = 0
  for (let at = 0; at < bytes.length;) {
    const length = sequenceBytes(bytes, at)
    if (length === 0) end = out.writeUInt16LE(ESCAPE + (bytes[at] ?? 0), end)
    else if (length === 1) end = out.writeUInt16LE(bytes[at] ?? 0, end)
    else end += out.write(bytes.toString('utf8', at, at + length), end, 'utf16le')
    at += Math.max(length, 1)
  }
  return out.toString('utf16le', 0, end)
}

// Length of the valid UTF-8 sequence at `at`, 0 when there is none.
const sequenceBytes = (bytes: Buffer, at: number): number => {
  const first = bytes[at] ?? 0
  if (first < 0x80) return 1
  const length = first >= 0xf0 ? UTF8_BYTES_MAX : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0
  return length > 0 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0
}

/** The bytes of `text`; inverse of `textOf`. A lone surrogate outside the escapes becomes U+FFFD. */
export const wireBytes = (text: string): Buffer => {
  if (text.isWellFormed()) return Buffer.from(text, 'utf8')
  const out = Buffer.allocUnsafe(UTF8_BYTES_MAX * text.length)
  let end = 0
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    const escaped = code >= ESCAPE + 0x80 && code <= ESCAPE + 0xff
    if (escaped) end = out.writeUInt8(code - ESCAPE, end)
    else end += out.write(char, end, 'utf8')
  }
  return Buffer.from(out.subarray(0, end))
}

// C0, DEL, C1, and the separators that some readers take for the end of a line.
// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g

/**
 * `text` as one line of a log, at most `charsMax` characters of it: what a peer wrote must not look like another
 * line, nor speak to a terminal. Control characters become `\x0a`.
 */
export const oneLine = (text: string, charsMax: number): string => {
  const shown =
    text.length <= charsMax ? text : `${copyOf(text.slice(0, charsMax))}… (${text.length} characters)`
  return shown.replace(CONTROL, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

// A slice keeps the whole string in memory for as long as it lives.
const copyOf = (text: string): string => Buffer.from(text, 'utf16le').toString('utf16le')
