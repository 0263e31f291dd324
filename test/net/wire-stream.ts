/**
 * Recorded streams of real Ceph programs, read frame by frame: one folder a connection, `c2s.bin` what the
 * connecting side sent, `s2c.bin` what the accepting side sent, `info.json` with the derived keys.
 *
 * The recordings are named by CEPH_OBJECT_CORPUS (its folder `wire`); `wireStreams()` is empty without it.
 */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { RawMessage } from '../../src/message/raw.ts'
import type { Banner } from '../../src/net/msgr2/banner.ts'
import { decodeFrame, type Frame } from '../../src/net/msgr2/frame.ts'
import { describeFrameError, type FrameError } from '../../src/net/msgr2/frame-error.ts'
import { FrameReader } from '../../src/net/msgr2/frame-reader.ts'
import { streamKeys, type StreamKey } from '../../src/net/msgr2/secure.ts'
import type { WireFrame } from '../../src/net/msgr2/wire-frame.ts'

const MODE_SECURE = 2

export type Direction = 'c2s' | 's2c'

export interface StreamFrame {
  readonly direction: Direction
  /** Where the frame begins in the direction's file, and how many bytes of it are the frame. */
  readonly offset: number
  readonly bytes: number
  readonly wire: WireFrame
  readonly frame: Frame
}

export interface StreamSide {
  readonly raw: Buffer
  readonly banner: Banner
  readonly frames: readonly StreamFrame[]
  /** Bytes before the signature: what the other side's AUTH_SIGNATURE covers. */
  readonly transcript: Buffer
  /** Set in secure mode; holds from the frame with this index on. */
  readonly key: StreamKey | undefined
  readonly keyFromIndex: number
  /** Bytes that no frame owns. */
  readonly tailBytes: number
}

export interface WireStream {
  readonly name: string
  readonly sessionKey: Buffer | undefined
  readonly connectionSecret: Buffer | undefined
  /** Entity name → key, as in the keyring. */
  readonly keys: ReadonlyMap<string, Buffer>
  readonly c2s: StreamSide
  readonly s2c: StreamSide
}

interface Info {
  readonly session_key_hex: string | null
  readonly connection_secret_hex: string | null
  readonly keys: Readonly<Record<string, { readonly key_hex: string }>>
}

const corpus = process.env['CEPH_OBJECT_CORPUS']
const wireFolder = corpus === undefined ? undefined : join(corpus, 'wire')

/** Names of the recorded streams; none when there is no corpus. */
export const wireStreamNames = (): readonly string[] =>
  wireFolder === undefined || !existsSync(wireFolder)
    ? []
    : readdirSync(wireFolder)
        .filter((name) => existsSync(join(wireFolder, name, 'c2s.bin')))
        .sort()

/** Reads one stream to its end, or fails the test. `chunkBytes` splits the input. */
export const readWireStream = (name: string, chunkBytes = Infinity): WireStream => {
  assert(wireFolder !== undefined, 'CEPH_OBJECT_CORPUS is not set')
  return readStreamFolder(join(wireFolder, name), name, chunkBytes)
}

/** As `readWireStream`, of a folder anywhere. */
export const readStreamFolder = (folder: string, name: string, chunkBytes = Infinity): WireStream => {
  const info = JSON.parse(readFileSync(join(folder, 'info.json'), 'utf8')) as Info
  const secret = hex(info.connection_secret_hex)
  const s2cBytes = readFileSync(join(folder, 's2c.bin'))
  const c2sBytes = readFileSync(join(folder, 'c2s.bin'))
  const clear = clearSide('s2c', s2cBytes, chunkBytes)
  const done = clear.frames.find(({ frame }) => frame._tag === 'AUTH_DONE')?.frame
  const secure = done?._tag === 'AUTH_DONE' && done.mode === MODE_SECURE
  const keys = secure && secret !== undefined ? streamKeys(secret, 'accepting') : undefined
  const replies = clear.frames.filter(({ frame }) => AUTH_REPLIES.has(frame._tag)).length
  return {
    name,
    sessionKey: hex(info.session_key_hex),
    connectionSecret: secret,
    keys: new Map(
      Object.entries(info.keys).map(([entity, { key_hex }]) => [entity, Buffer.from(key_hex, 'hex')]),
    ),
    s2c: readSide('s2c', s2cBytes, chunkBytes, keys?.tx, (frames) => frames.at(-1)?._tag === 'AUTH_DONE'),
    c2s: readSide(
      'c2s',
      c2sBytes,
      chunkBytes,
      keys?.rx,
      (frames) => frames.filter(({ _tag }) => AUTH_REQUESTS.has(_tag)).length === replies,
    ),
  }
}

/** The messages of a stream, each with the direction it went, in the order of their direction. */
export const messagesOf = (
  stream: WireStream,
): readonly { readonly direction: Direction; readonly message: RawMessage }[] =>
  [...stream.c2s.frames, ...stream.s2c.frames].flatMap(({ direction, frame }) =>
    frame._tag === 'MESSAGE' ? [{ direction, message: frame.message }] : [],
  )

const AUTH_REQUESTS = new Set(['AUTH_REQUEST', 'AUTH_REQUEST_MORE'])
const AUTH_REPLIES = new Set(['AUTH_BAD_METHOD', 'AUTH_REPLY_MORE', 'AUTH_DONE'])

const hex = (text: string | null): Buffer | undefined =>
  text === null || text === '' ? undefined : Buffer.from(text, 'hex')

// The accepting side as far as AUTH_DONE, which is never sealed.
const clearSide = (direction: Direction, raw: Buffer, chunkBytes: number): StreamSide =>
  readSide(direction, raw, chunkBytes, undefined, () => false, 'AUTH_DONE')

const right = <A>(either: E.Either<FrameError, A>, where: string): A => {
  assert(E.isRight(either), `${where}: ${E.isLeft(either) ? describeFrameError(either.left) : ''}`)
  return either.right
}

const readSide = (
  direction: Direction,
  raw: Buffer,
  chunkBytes: number,
  key: StreamKey | undefined,
  authenticated: (frames: readonly Frame[]) => boolean,
  until?: Frame['_tag'],
): StreamSide => {
  const reader = new FrameReader()
  let pushed = 0
  const more = (): boolean => {
    const chunk = raw.subarray(pushed, pushed + Math.min(chunkBytes, raw.length))
    reader.push(chunk)
    pushed += chunk.length
    return chunk.length > 0
  }
  const offset = (): number => pushed - reader.pendingBytes
  let banner = right(reader.banner(), direction)
  while (banner === undefined && more()) banner = right(reader.banner(), direction)
  assert(banner !== undefined, `${direction}: no banner`)
  const revision = (banner.supported & 1n) === 1n ? 1 : 0
  reader.useRevision(revision)

  const frames: StreamFrame[] = []
  let transcript: Buffer | undefined
  let keyFromIndex = Infinity
  let from = offset()
  for (;;) {
    const where = `${direction} at byte ${from}`
    const wire = right(reader.nextWire(), where)
    if (wire === undefined) {
      if (more()) continue
      break
    }
    const frame = right(decodeFrame(wire), where)
    frames.push({ direction, offset: from, bytes: offset() - from, wire, frame })
    from = offset()
    if (frame._tag === until) break
    if (transcript === undefined && authenticated(frames.map((f) => f.frame))) {
      transcript = Buffer.concat(reader.transcript())
      reader.endTranscript()
      reader.acceptMessages()
      keyFromIndex = frames.length
      if (key !== undefined) reader.useKey(key, revision)
    }
  }
  return {
    raw,
    banner,
    frames,
    transcript: transcript ?? Buffer.alloc(0),
    key,
    keyFromIndex,
    tailBytes: reader.pendingBytes,
  }
}
