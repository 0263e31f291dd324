/**
 * Keys of the monitor's store. RocksDB's key is prefix, byte 0, key; Ceph's tools read it.
 * Source: ceph src/mon/MonitorDBStore.h, src/kv/KeyValueDB.h combine_strings.
 */

/** `prefix \0 key` as text; see base/text.ts for keys that are not UTF-8. */
export const combinedKey = (prefix: string, key: string): string => `${prefix}\0${key}`

/** Inverse of `combinedKey`; a text without byte 0 is a key without prefix. */
export const splitKey = (combined: string): readonly [prefix: string, key: string] => {
  const at = combined.indexOf('\0')
  return at < 0 ? ['', combined] : [combined.slice(0, at), combined.slice(at + 1)]
}

/** A u64 value of the store: 8 bytes little endian. */
export const storedU64 = (n: bigint): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(n)
  return bytes
}

/** Inverse of `storedU64`; 0 for an absent or short value, as a monitor's get() reads it. */
export const u64Of = (bytes: Buffer | undefined): bigint =>
  bytes === undefined || bytes.length < 8 ? 0n : bytes.readBigUInt64LE(0)
