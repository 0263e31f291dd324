/**
 * Small recorded messages that are kept with the tests: of every type, and of every operation of a type, the
 * shortest that Ceph 16.2.15 programs sent each other in the streams of test/message/recorded.ts.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import type { Message } from '../../src/message/message.ts'
import type { RawMessage } from '../../src/message/raw.ts'
import type { RecordedMessage } from './recorded.ts'

export interface Fixture {
  readonly name: string
  /** Stream, direction and sequence number that it was taken from. */
  readonly origin: string
  readonly raw: RawMessage
}

const PATH = new URL('../fixture/message/recorded.json', import.meta.url)
const ORIGIN = 'Ceph 16.2.15 (Debian 16.2.15+ds) on loopback, throw-away clusters and keys'

// What a test needs everywhere should stay small; the streams have the rest.
const FRONT_BYTES_MAX = 6000

type Row = Readonly<Record<'name' | 'origin' | 'header' | 'front' | 'data', string>>

export const fixtures = (): readonly Fixture[] => {
  const { messages } = JSON.parse(readFileSync(PATH, 'utf8')) as { messages: readonly Row[] }
  return messages.map(({ name, origin, header, front, data }) => {
    const [seq = 0, tid = 0, type = 0, priority = 0, version = 0, compat = 0] = header.split(' ').map(Number)
    return {
      name,
      origin,
      raw: {
        seq: BigInt(seq),
        tid: BigInt(tid),
        type,
        priority,
        version,
        compat,
        front: Buffer.from(front, 'hex'),
        middle: Buffer.alloc(0),
        data: Buffer.from(data, 'hex'),
      },
    }
  })
}

/** Writes the file anew from recorded messages and what they decode to. */
export const rewriteFixtures = (
  recorded: readonly RecordedMessage[],
  decode: (raw: RawMessage) => Message,
): void => {
  const shortest = new Map<string, RecordedMessage>()
  for (const message of recorded) {
    const value = decode(message.raw)
    const kind = 'op' in value ? `${message.name} ${value.op}` : message.name
    const best = shortest.get(kind)
    if (best === undefined || message.raw.front.length < best.raw.front.length) shortest.set(kind, message)
  }
  const messages = [...shortest.values()]
    .filter(({ raw }) => raw.front.length <= FRONT_BYTES_MAX)
    .sort((a, b) => a.raw.type - b.raw.type || a.name.localeCompare(b.name))
    .map(({ name, stream, direction, raw }): Row => ({
      name,
      origin: `${stream} ${direction} seq ${raw.seq}`,
      header: [raw.seq, raw.tid, raw.type, raw.priority, raw.version, raw.compat].join(' '),
      front: raw.front.toString('hex'),
      data: raw.data.toString('hex'),
    }))
  writeFileSync(
    PATH,
    `${JSON.stringify({ origin: ORIGIN, header: 'seq tid type priority version compat', messages }, null, 1)}\n`,
  )
}
