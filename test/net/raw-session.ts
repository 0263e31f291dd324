/**
 * A peer whose bytes are in the test's hand: it authenticates as it should, in crc mode, and then the socket is
 * the test's, with nobody who reads from it unless the test does.
 */
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import type { AuthClient } from '../../src/auth/contract.ts'
import { entityAddr, type EntityAddr } from '../../src/codec/type/entity-addr.ts'
import { ENTITY_TYPE } from '../../src/codec/type/entity-name.ts'
import type { RawMessage } from '../../src/message/raw.ts'
import { Attempt } from '../../src/net/attempt.ts'
import { Link } from '../../src/net/link.ts'
import { crcFramer } from '../../src/net/msgr2/crc-framing.ts'
import { encodeFrame, type Frame } from '../../src/net/msgr2/frame.ts'
import { ask, judgeAnswer, type Opening } from '../../src/net/msgr2/session-opening.ts'
import { connecting, newSession } from '../../src/net/msgr2/session.ts'
import type { WireFrame } from '../../src/net/msgr2/wire-frame.ts'
import { messageFrame } from '../../src/net/ready-frame.ts'

/** The bytes of a frame whose segments may be anything. */
export const wireBytesOf = (frame: WireFrame): Buffer => {
  const out: Buffer[] = []
  crcFramer(1)(frame, out)
  return Buffer.concat(out)
}

export const frameBytesOf = (frame: Frame): Buffer => wireBytesOf(encodeFrame(frame))

export const messageBytesOf = (message: RawMessage): Buffer => frameBytesOf(messageFrame(message, 0n))

export const loopbackAddr = (port: number): EntityAddr => entityAddr('msgr2', '127.0.0.1', port)

const FEATURES = 0x3f01cfbdfffdffffn

/** A session that stands, paused. Rejects with the reason when there is none. */
export const openRawSession = (port: number, authClient: AuthClient, timeoutMs = 10_000): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const target = loopbackAddr(port)
    const socket = connect(port, '127.0.0.1')
    let session = { ...connecting(newSession([target]), BigInt(Date.now())), lossy: true }
    const opening: Opening = {
      own: {
        addrs: [entityAddr('any', '127.0.0.1', 0, randomBytes(4).readUInt32LE(0))],
        num: -1n,
        featuresSupported: FEATURES,
        featuresRequired: 0n,
      },
      target,
      cookie: 1n,
      nextGlobalSeq: (above) => above + 1n,
    }
    new Attempt({
      id: 1,
      authClient,
      input: (peerAddr) => ({
        side: 'connecting',
        ownType: ENTITY_TYPE.client,
        peerAddr,
        peerType: ENTITY_TYPE.mon,
        request: authClient.request,
      }),
      timeoutMs,
      makeLink: (handler) => new Link(socket, { handler, now: Date.now, peerAddr: target }),
      host: {
        askAuth: () => undefined,
        askAuthMore: () => undefined,
        learnAddr: () => undefined,
        openSession: () => ask(session, opening).event,
        judgeSession: (_, frame) => {
          const answer = judgeAnswer(session, frame, opening)
          session = { ...answer.session, lossy: true }
          return answer.event
        },
        adopt: () => {
          socket.removeAllListeners('data')
          socket.pause()
          socket.on('error', () => undefined)
          resolve(socket)
        },
        failed: (_, reason) => reject(new Error(reason)),
      },
    })
  })

/** Resolves when the peer has closed the socket, however; rejects after `timeoutMs`. Reads on. */
export const closedByPeer = (socket: Socket, timeoutMs = 10_000): Promise<void> =>
  new Promise((resolve, reject) => {
    if (socket.destroyed || socket.readableEnded) return void resolve()
    const timer = setTimeout(
      () => reject(new Error(`the peer did not close within ${timeoutMs} ms`)),
      timeoutMs,
    )
    const done = (): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve()
    }
    socket.on('error', done).on('end', done).on('close', done)
    socket.resume()
  })
