/** Messengers on loopback for tests, with an authentication that lets everybody in. */
import { randomBytes } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import { AUTH_METHOD, CON_MODE, type AuthClient, type AuthReply } from '../../src/auth/contract.ts'
import { ENTITY_TYPE } from '../../src/codec/type/entity-name.ts'
import { entityAddr, type EntityAddrvec } from '../../src/codec/type/entity-addr.ts'
import type { RawMessage } from '../../src/message/raw.ts'
import type { ConnectionId, NetEvent } from '../../src/net/contract.ts'
import { Messenger } from '../../src/net/messenger.ts'
import type { NetLimits } from '../../src/net/net-context.ts'
import { ALLOW_ALL } from '../../src/auth/mon-cap.ts'

export type Mode = 'crc' | 'secure'

const SESSION_KEY = Buffer.from('0123456789abcdef')
const SECRET = Buffer.alloc(64, 7)
const EMPTY = Buffer.alloc(0)

/** AUTH_REQUEST, AUTH_REPLY_MORE, AUTH_REQUEST_MORE, AUTH_DONE, with keys that both sides know. */
export const testAuthClient = (mode: Mode): AuthClient => {
  const client: AuthClient = {
    request: { method: AUTH_METHOD.cephx, modes: [CON_MODE[mode]], payload: Buffer.from('hello') },
    more: (payload) =>
      payload.toString() === 'challenge'
        ? E.right({ payload: Buffer.from('proof'), next: client })
        : E.left({ _tag: 'AuthMalformed', what: 'no challenge' }),
    done: ({ globalId }) =>
      E.right({ globalId, sessionKey: SESSION_KEY, connectionSecret: mode === 'secure' ? SECRET : EMPTY }),
  }
  return client
}

export const testAuthReply = (event: NetEvent, mode: Mode, peerType: number): AuthReply | undefined => {
  if (event._tag === 'AuthRequestReceived')
    return { _tag: 'AuthReplyMore', payload: Buffer.from('challenge') }
  if (event._tag !== 'AuthRequestMoreReceived') return undefined
  return {
    _tag: 'AuthDone',
    globalId: 4242n,
    mode: CON_MODE[mode],
    payload: Buffer.from('done'),
    sessionKey: SESSION_KEY,
    connectionSecret: mode === 'secure' ? SECRET : EMPTY,
    identity: {
      entityName: { type: peerType, id: '' },
      globalId: 4242n,
      globalIdStatus: 'NONE',
      caps: ALLOW_ALL,
    },
  }
}

export interface TestPeer {
  readonly messenger: Messenger
  readonly events: NetEvent[]
  /** Log lines, with their reason. */
  readonly log: string[]
  /** Seen messages of a connection, or of all. */
  readonly messages: (connection?: ConnectionId) => readonly RawMessage[]
  readonly of: <Tag extends NetEvent['_tag']>(tag: Tag) => readonly Extract<NetEvent, { _tag: Tag }>[]
}

export interface TestPeerOptions {
  readonly type: keyof typeof ENTITY_TYPE
  readonly num?: bigint
  readonly mode?: Mode
  readonly addrs?: EntityAddrvec
  readonly limits?: Partial<NetLimits>
  /** Instead of the test's own authentication. */
  readonly authClientFor?: () => AuthClient
  /** Entity type that authentication finds; what the peer says of itself when left out. */
  readonly identity?: number
  /** Answers nothing by itself. */
  readonly silent?: boolean
  readonly onEvent?: (event: NetEvent, peer: Messenger) => void
}

export const testPeer = (options: TestPeerOptions): TestPeer => {
  const events: NetEvent[] = []
  const log: string[] = []
  const peerTypes = new Map<ConnectionId, number>()
  const mode = options.mode ?? 'crc'
  const note = (message: string, fields?: Readonly<Record<string, unknown>>): void =>
    void log.push(`${message} ${JSON.stringify(fields?.['reason'])}`)
  const messenger: Messenger = new Messenger({
    entityType: ENTITY_TYPE[options.type],
    num: options.num ?? -1n,
    addrs: options.addrs ?? [entityAddr('any', '0.0.0.0', 0, 77)],
    featuresSupported: 0x3f01cfbdfffdffffn,
    featuresRequired: () => 0n,
    clock: { now: () => Date.now() },
    random: { bytes: randomBytes },
    log: { debug: note, info: note, warn: note },
    authClientFor: options.authClientFor ?? (() => testAuthClient(mode)),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    onEvent: (event) => {
      events.push(event)
      if (event._tag === 'AuthRequestReceived')
        peerTypes.set(event.attempt, options.identity ?? event.peerType)
      const peerType = 'attempt' in event ? (peerTypes.get(event.attempt) ?? 0) : 0
      const reply = options.silent === true ? undefined : testAuthReply(event, mode, peerType)
      if (reply !== undefined && 'attempt' in event) messenger.authReply(event.attempt, reply)
      options.onEvent?.(event, messenger)
    },
  })
  return {
    messenger,
    events,
    log,
    messages: (connection) =>
      events.flatMap((event) =>
        event._tag === 'MessageReceived' && (connection === undefined || event.connection === connection)
          ? [event.message]
          : [],
      ),
    of: (tag) => events.filter((event) => event._tag === tag) as never,
  }
}

/** A listening peer on a port that the system chooses. */
export const listeningPeer = async (options: TestPeerOptions): Promise<TestPeer> => {
  const peer = testPeer({ addrs: [entityAddr('msgr2', '127.0.0.1', 0)], ...options })
  const [addr] = peer.messenger.addrs
  if (addr === undefined) throw new Error('no address to listen on')
  const bound = await peer.messenger.bind(addr)()
  if (E.isLeft(bound)) throw new Error(bound.left._tag)
  return peer
}

/** A message that says `text`. */
export const testMessage = (text: string | Buffer, priority = 196): RawMessage => ({
  seq: 0n,
  tid: 0n,
  type: 67,
  priority,
  version: 8,
  compat: 5,
  front: Buffer.from(text as string),
  middle: EMPTY,
  data: EMPTY,
})

export const textOfMessage = ({ front }: RawMessage): string => front.toString()

/** Resolves when `condition` holds; rejects after `timeoutMs`. */
export const until = async (condition: () => boolean, what: string, timeoutMs = 10_000): Promise<void> => {
  const end = Date.now() + timeoutMs
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
