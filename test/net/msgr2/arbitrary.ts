/** Generators of frames for property tests. */
import fc from 'fast-check'
import type { EntityAddr } from '../../../src/codec/type/entity-addr.ts'
import type { ControlFrame, Frame } from '../../../src/net/msgr2/frame.ts'
import { SIGNATURE_BYTES } from '../../../src/net/msgr2/secure.ts'

const u64 = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn })
const i64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const u32 = fc.nat(0xffff_ffff)
const u16 = fc.nat(0xffff)
const u8 = fc.nat(0xff)

/** As `fc.record`, of objects that are deeply equal to literals. */
export const record = <A>(model: { [K in keyof A]: fc.Arbitrary<A[K]> }): fc.Arbitrary<A> =>
  fc.record(model, { noNullPrototype: true })

export const bytes = (maxLength: number, minLength = 0): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ minLength, maxLength }).map((array) => Buffer.from(array))

export const entityAddrs: fc.Arbitrary<EntityAddr> = record({
  type: fc.nat(3),
  nonce: u32,
  sockaddr: fc.constantFrom(16, 28).chain((length) => bytes(length, length)),
})

const stamp = record({ seconds: u32, nanoseconds: u32 })
const choices = fc.array(u32, { maxLength: 5 })
const addrs = fc.array(entityAddrs, { maxLength: 3 })
const ident = { gid: i64, globalSeq: u64, supported: u64, required: u64, flags: u64, cookie: u64 }
const tag = <Tag extends string>(name: Tag): fc.Arbitrary<Tag> => fc.constant(name)

export const controlFrames: fc.Arbitrary<ControlFrame> = fc.oneof(
  record({ _tag: tag('HELLO'), entityType: u8, peerAddr: entityAddrs }),
  record({ _tag: tag('AUTH_REQUEST'), method: u32, modes: choices, payload: bytes(100) }),
  record({
    _tag: tag('AUTH_BAD_METHOD'),
    method: u32,
    result: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    allowedMethods: choices,
    allowedModes: choices,
  }),
  record({ _tag: tag('AUTH_REPLY_MORE'), payload: bytes(100) }),
  record({ _tag: tag('AUTH_REQUEST_MORE'), payload: bytes(100) }),
  record({ _tag: tag('AUTH_DONE'), globalId: u64, mode: u32, payload: bytes(100) }),
  record({ _tag: tag('AUTH_SIGNATURE'), signature: bytes(SIGNATURE_BYTES, SIGNATURE_BYTES) }),
  record({ _tag: tag('CLIENT_IDENT'), addrs, target: entityAddrs, ...ident }),
  record({ _tag: tag('SERVER_IDENT'), addrs, ...ident }),
  record({ _tag: tag('IDENT_MISSING_FEATURES'), features: u64 }),
  record({
    _tag: tag('SESSION_RECONNECT'),
    addrs,
    clientCookie: u64,
    serverCookie: u64,
    globalSeq: u64,
    connectSeq: u64,
    messageSeq: u64,
  }),
  record({ _tag: tag('SESSION_RESET'), full: fc.boolean() }),
  record({ _tag: tag('SESSION_RETRY'), connectSeq: u64 }),
  record({ _tag: tag('SESSION_RETRY_GLOBAL'), globalSeq: u64 }),
  record({ _tag: tag('SESSION_RECONNECT_OK'), messageSeq: u64 }),
  record({ _tag: tag('WAIT') }),
  record({ _tag: tag('KEEPALIVE2'), stamp }),
  record({ _tag: tag('KEEPALIVE2_ACK'), stamp }),
  record({ _tag: tag('ACK'), seq: u64 }),
)

export const frames: fc.Arbitrary<Frame> = fc.oneof(
  { weight: 2, arbitrary: controlFrames },
  {
    weight: 3,
    arbitrary: record({
      _tag: tag('MESSAGE'),
      message: record({
        seq: u64,
        tid: u64,
        type: u16,
        priority: u16,
        version: u16,
        compat: u16,
        front: bytes(200),
        middle: bytes(40),
        data: bytes(100),
      }),
      ackSeq: u64,
      flags: u8,
    }),
  },
)

/** Cuts `all` at the given places, which are taken modulo its length. */
export const cut = (all: Buffer, places: readonly number[]): readonly Buffer[] => {
  const at = [...places.map((place) => place % (all.length + 1)), 0, all.length].sort((a, b) => a - b)
  return at.slice(1).map((end, i) => all.subarray(at[i], end))
}
