/** Random bytes without a random source: an event brings 32 of them, and everything drawn while it is handled derives from those. */
import { hkdfSync } from 'node:crypto'

const NO_SALT = Buffer.alloc(0)

/**
 * `count` bytes for the purpose that `label` names.
 *
 * Shape: HKDF-SHA256 with `entropy` as key material and `label` as info: distinct labels give independent bytes,
 *        the same label the same bytes. A handler therefore labels everything it draws.
 */
export const entropyBytes = (entropy: Buffer, label: string, count: number): Buffer =>
  Buffer.from(hkdfSync('sha256', entropy, NO_SALT, label, count))

/** A u64 drawn from `entropy`; never 0, which Ceph's protocols read as "none". */
export const entropyU64 = (entropy: Buffer, label: string): bigint => {
  const drawn = entropyBytes(entropy, label, 8).readBigUInt64LE()
  return drawn === 0n ? 1n : drawn
}
