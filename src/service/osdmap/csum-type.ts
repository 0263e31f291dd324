/** Checksums that BlueStore can keep, by number. Source: ceph src/common/Checksummer.h Checksummer::CSumType. */
const NAMES = ['', 'none', 'xxhash32', 'xxhash64', 'crc32c', 'crc32c_16', 'crc32c_8'] as const

/** `???` for a number that is none. */
export const csumTypeName = (type: number): string => (type > 0 ? (NAMES[type] ?? '???') : '???')

/** Inverse of `csumTypeName`; undefined for a name that is none. */
export const csumTypeOfName = (name: string): number | undefined => {
  const type = (NAMES as readonly string[]).indexOf(name)
  return type < 1 ? undefined : type
}
