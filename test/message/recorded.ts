/**
 * Messages recorded between Ceph 16.2.15 programs, for tests: whole streams from the folder that CEPH_OBJECT_CORPUS
 * names, in crc mode, cut into messages with the frame list that lies beside each stream.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RawMessage } from '../../src/message/raw.ts'

export interface RecordedMessage {
  readonly stream: string
  readonly direction: 'c2s' | 's2c'
  /** Ceph's class name, by the frame list. */
  readonly name: string
  readonly raw: RawMessage
}

/** Folder of the streams; undefined when the environment names no corpus. */
export const wireFolder = (): string | undefined => {
  const corpus = process.env['CEPH_OBJECT_CORPUS']
  return corpus === undefined || !existsSync(join(corpus, 'wire')) ? undefined : join(corpus, 'wire')
}

const LINE = /^\S+ (c2s|s2c) off=(\d+) len=\d+ MESSAGE segs=\[([\d,]+)\] .*? type=\d+\((\w+)\)/
const PREAMBLE_BYTES = 32
const HEADER_BYTES = 41
const CRC_BYTES = 4

const EMPTY = Buffer.alloc(0)

// Source: ceph src/msg/async/frames_v2.h, src/include/msgr.h ceph_msg_header2.
const rawOf = (stream: Buffer, offset: number, lengths: readonly number[]): RawMessage => {
  const header = stream.subarray(offset + PREAMBLE_BYTES, offset + PREAMBLE_BYTES + HEADER_BYTES)
  let at = offset + PREAMBLE_BYTES + HEADER_BYTES + CRC_BYTES
  const [front = EMPTY, middle = EMPTY, data = EMPTY] = lengths.slice(1).map((length) => {
    at += length
    return stream.subarray(at - length, at)
  })
  return {
    seq: header.readBigUInt64LE(0),
    tid: header.readBigUInt64LE(8),
    type: header.readUInt16LE(16),
    priority: header.readUInt16LE(18),
    version: header.readUInt16LE(20),
    compat: header.readUInt16LE(37),
    front,
    middle,
    data,
  }
}

const messagesOf = (folder: string, stream: string): readonly RecordedMessage[] => {
  const bytes = {
    c2s: readFileSync(join(folder, stream, 'c2s.bin')),
    s2c: readFileSync(join(folder, stream, 's2c.bin')),
  }
  return readFileSync(join(folder, stream, 'frames.txt'), 'utf8')
    .split('\n')
    .flatMap((line): readonly RecordedMessage[] => {
      const match = LINE.exec(line)
      if (match === null) return []
      const direction = match[1] === 'c2s' ? 'c2s' : 's2c'
      const lengths = match[3]!.split(',').map(Number)
      return [{ stream, direction, name: match[4]!, raw: rawOf(bytes[direction], Number(match[2]), lengths) }]
    })
}

/** Every message of every crc stream. */
export const recordedMessages = (folder: string): readonly RecordedMessage[] =>
  readdirSync(folder)
    .filter((stream) => existsSync(join(folder, stream, 'frames.txt')) && !stream.includes('secure'))
    .flatMap((stream) => messagesOf(folder, stream))
