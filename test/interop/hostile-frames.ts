/** What a peer that means harm sends before it has authenticated, and what the log says when it is dropped. */
import { crc32c } from '../../src/codec/crc32c.ts'
import { ENTITY_TYPE } from '../../src/codec/type/entity-name.ts'
import { encodeBanner, OUR_BANNER } from '../../src/net/msgr2/banner.ts'
import { TAG, type Frame } from '../../src/net/msgr2/frame.ts'
import { frameBytesOf, loopbackAddr, wireBytesOf } from '../net/raw-session.ts'

export const BANNER = encodeBanner(OUR_BANNER)
export const hello = frameBytesOf({
  _tag: 'HELLO',
  entityType: ENTITY_TYPE.client,
  peerAddr: loopbackAddr(1),
})
const authRequest = (fields: Partial<Extract<Frame, { _tag: 'AUTH_REQUEST' }>>): Buffer =>
  frameBytesOf({ _tag: 'AUTH_REQUEST', method: 2, modes: [1], payload: Buffer.alloc(0), ...fields })
export const crcOf = (bytes: Buffer, at: number): Buffer => {
  const damaged = Buffer.from(bytes)
  damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at)
  return damaged
}
export const preamble = (tag: number, lengths: readonly number[], count = lengths.length): Buffer => {
  // The crc is right: a frame of no bytes is made, and its numbers are not what it has.
  const frame = wireBytesOf({ tag, segments: [Buffer.alloc(0)] }).subarray(0, 32)
  const claim = Buffer.from(frame)
  claim.writeUInt8(count, 1)
  lengths.forEach((length, i) => claim.writeUInt32LE(length, 2 + i * 6))
  claim.writeUInt32LE(crc32c(0, claim.subarray(0, 28)), 28)
  return claim
}

/** What is sent, and what the log says of it. Everything but the first comes after a banner and a HELLO. */
export const BEFORE_LOGIN: readonly (readonly [what: string, bytes: Buffer, reason: RegExp])[] = [
  ['a banner of another protocol', Buffer.from('GET / HTTP/1.1\r\n\r\n\u001b[2J'), /not a msgr v2 banner/],
  ['the legacy banner', Buffer.from('ceph v027'), /legacy protocol/],
  ['a long banner', Buffer.from('ceph v2\n\xff\xff', 'latin1'), /banner payload of 65535 bytes/],
  ['features that we lack', encodeBanner({ supported: 3n, required: 2n }), /requires messenger features/],
  ['4 GiB', Buffer.concat([BANNER, preamble(TAG.HELLO, [0xffffffff])]), /frame of 4294967295 bytes exceeds/],
  ['no segments', Buffer.concat([BANNER, preamble(TAG.HELLO, [], 0)]), /frame of 0 segments/],
  ['200 segments', Buffer.concat([BANNER, preamble(TAG.HELLO, [1, 1, 1, 1], 200)]), /frame of 200 segments/],
  ['a wrong preamble', Buffer.concat([BANNER, crcOf(hello, 3)]), /preamble crc/],
  ['a wrong segment', Buffer.concat([BANNER, crcOf(hello, 34)]), /crc of segment 0/],
  [
    'a tag of later versions',
    Buffer.concat([BANNER, wireBytesOf({ tag: 21, segments: [Buffer.alloc(9)] })]),
    /unknown frame tag 21/,
  ],
  [
    'tag 0',
    Buffer.concat([BANNER, wireBytesOf({ tag: 0, segments: [Buffer.alloc(9)] })]),
    /unknown frame tag 0/,
  ],
  [
    'a message',
    Buffer.concat([
      BANNER,
      hello,
      wireBytesOf({ tag: TAG.MESSAGE, segments: [Buffer.alloc(41), Buffer.alloc(9)] }),
    ]),
    /EarlyFrameReceived out of turn/,
  ],
  [
    'a sign of life',
    Buffer.concat([
      BANNER,
      hello,
      frameBytesOf({ _tag: 'KEEPALIVE2', stamp: { seconds: 1, nanoseconds: 0 } }),
    ]),
    /EarlyFrameReceived out of turn/,
  ],
  [
    'a session',
    Buffer.concat([
      BANNER,
      hello,
      frameBytesOf({
        _tag: 'SESSION_RECONNECT',
        addrs: [],
        clientCookie: 1n,
        serverCookie: 1n,
        globalSeq: 1n,
        connectSeq: 1n,
        messageSeq: 1n,
      }),
    ]),
    /SessionReconnectReceived out of turn/,
  ],
  ['HELLO twice', Buffer.concat([BANNER, hello, hello]), /HelloReceived out of turn/],
  [
    '2^32 modes',
    Buffer.concat([
      BANNER,
      hello,
      wireBytesOf({ tag: TAG.AUTH_REQUEST, segments: [Buffer.from('02000000ffffffff00000000', 'hex')] }),
    ]),
    /payload of frame tag 2/,
  ],
  [
    'many modes',
    Buffer.concat([BANNER, hello, authRequest({ modes: Array<number>(1000).fill(1) })]),
    /1000 choices, more than 64/,
  ],
  [
    'nine methods',
    Buffer.concat([BANNER, hello, ...Array<Buffer>(9).fill(authRequest({ method: 9 }))]),
    /too many rounds|out of turn/,
  ],
]
