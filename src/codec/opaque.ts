/** A versioned struct that is passed on as it is: its bytes, envelope included. */
import type { Reader } from './reader.ts'

const HEADER_BYTES = 6
const LENGTH_AT = 2

/** The bytes of the next versioned struct; its version is not judged. */
export const decodeOpaque = (r: Reader): Buffer => {
  const header = r.raw(HEADER_BYTES)
  return r.failed ? header : Buffer.concat([header, r.raw(header.readUInt32LE(LENGTH_AT))])
}
