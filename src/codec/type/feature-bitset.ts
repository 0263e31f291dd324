/**
 * A set of feature numbers without an upper bound.
 *
 * Grammar: u32 bytes, then that many bytes, little endian, a multiple of eight. Source: ceph src/mds/mdstypes.h
 *          feature_bitset_t.
 */
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export type FeatureBitset = ReadonlySet<number>

const BITS_PER_WORD = 64
const BYTES_PER_WORD = 8
// A set of a thousand features is far beyond any release's.
const BYTES_MAX = 1024

export const decodeFeatureBitset = (r: Reader): FeatureBitset => {
  const bytes = r.blob()
  if (bytes.length > BYTES_MAX) r.bad(`feature_bitset_t of ${bytes.length} bytes`)
  const bits = new Set<number>()
  for (const [at, byte] of bytes.subarray(0, BYTES_MAX).entries())
    for (let bit = 0; bit < 8; bit++) if ((byte & (1 << bit)) !== 0) bits.add(at * 8 + bit)
  return bits
}

export const encodeFeatureBitset = (w: Writer, bits: FeatureBitset): void => {
  const words = bits.size === 0 ? 0 : Math.floor(Math.max(...bits) / BITS_PER_WORD) + 1
  const bytes = Buffer.alloc(words * BYTES_PER_WORD)
  for (const bit of bits) bytes.writeUInt8(bytes.readUInt8(bit >> 3) | (1 << (bit & 7)), bit >> 3)
  w.blob(bytes)
}
