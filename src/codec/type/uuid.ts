/** Ceph's uuid_d as lower-case text with dashes. Grammar: 16 raw bytes. */
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export const UUID_ZERO = '00000000-0000-0000-0000-000000000000'
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const isUuid = (text: string): boolean => UUID.test(text)

/** Text of 16 bytes. */
export const uuidOfBytes = (bytes: Buffer): string => {
  const hex = bytes.toString('hex').padEnd(32, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

export const bytesOfUuid = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex')

export const decodeUuid = (r: Reader): string => uuidOfBytes(r.raw(16))
export const encodeUuid = (w: Writer, uuid: string): void => w.raw(bytesOfUuid(uuid))
