/** A client of the monitors, for one command: connects, proves who it is, asks, hears the answer, leaves. */
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { randomBytes } from 'node:crypto'
import { entityClient } from '../auth/cephx-client.ts'
import { CON_MODE } from '../auth/contract.ts'
import type { CryptoKey } from '../auth/crypto-key.ts'
import { BLANK_ADDR, type EntityAddrvec } from '../codec/type/entity-addr.ts'
import { ENTITY_TYPE, type EntityName } from '../codec/type/entity-name.ts'
import { FEATURES_ALL } from '../map/feature.ts'
import { decodeMessage, encodeMessage } from '../message/message.ts'
import { Messenger } from '../net/messenger.ts'
import type { NetEvent } from '../net/contract.ts'
import { now } from '../node/clock.ts'

export interface MonAnswer {
  /** 0 or a negative errno. */
  readonly code: number
  readonly text: string
  readonly data: Buffer
}

export interface MonTarget {
  readonly fsid: string
  readonly addrs: EntityAddrvec
  readonly entityName: EntityName
  readonly key: CryptoKey
}

const ENTROPY_BYTES = 32
const ANSWER_MS_MAX = 30_000
const TID = 1n

/** Asks the monitor at `target` for `command`. Errors: why there was no answer. */
export const askMonitor =
  (target: MonTarget, command: Readonly<Record<string, unknown>>): TE.TaskEither<string, MonAnswer> =>
  () =>
    new Promise<E.Either<string, MonAnswer>>((resolve) => {
      const messenger = new Messenger({
        entityType: ENTITY_TYPE.client,
        num: -1n,
        addrs: [BLANK_ADDR],
        featuresSupported: FEATURES_ALL,
        featuresRequired: () => 0n,
        clock: { now },
        random: { bytes: randomBytes },
        log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
        authClientFor: () =>
          entityClient(
            {
              entityName: target.entityName,
              key: target.key,
              globalId: 0n,
              oldTicket: undefined,
              wantedServices: ENTITY_TYPE.auth,
            },
            [CON_MODE.secure, CON_MODE.crc],
            randomBytes(ENTROPY_BYTES),
          ),
        onEvent: (event) => {
          const answer = answerIn(event)
          if (answer !== undefined) finish(answer)
        },
      })
      const timer = setTimeout(() => finish(E.left('no answer in time')), ANSWER_MS_MAX)
      const finish = (answer: E.Either<string, MonAnswer>): void => {
        clearTimeout(timer)
        void messenger
          .shutdown()()
          .then(() => resolve(answer))
      }
      const connection = messenger.connectTo({ type: ENTITY_TYPE.mon, addrs: target.addrs })
      messenger.send(
        connection,
        encodeMessage(
          {
            _tag: 'MMonCommand',
            version: 0n,
            fsid: target.fsid,
            cmd: [JSON.stringify(command)],
            data: Buffer.alloc(0),
          },
          { tid: TID },
        ),
      )
    })

const answerIn = (event: NetEvent): E.Either<string, MonAnswer> | undefined => {
  if (event._tag === 'ConnectionClosed') return E.left(event.reason)
  if (event._tag !== 'MessageReceived') return undefined
  const message = decodeMessage(event.message)
  if (E.isLeft(message) || message.right._tag !== 'MMonCommandAck') return undefined
  const { result, text, data } = message.right
  return E.right({ code: result, text, data })
}
