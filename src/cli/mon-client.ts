/** A client of the monitors, for one message: connects, proves who it is, asks, hears the answer, leaves. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { randomBytes } from 'node:crypto'
import { entityClient } from '../auth/cephx-client.ts'
import { CON_MODE } from '../auth/contract.ts'
import type { CryptoKey } from '../auth/crypto-key.ts'
import { decodeFrom } from '../codec/reader.ts'
import { BLANK_ADDR, type EntityAddrvec } from '../codec/type/entity-addr.ts'
import { ENTITY_TYPE, type EntityName } from '../codec/type/entity-name.ts'
import { FEATURES_ALL } from '../map/feature.ts'
import { decodeMonMap, type MonMap } from '../map/mon-map/mon-map.ts'
import { decodeMessage, encodeMessage, type Message } from '../message/message.ts'
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
  readonly addrs: EntityAddrvec
  readonly entityName: EntityName
  readonly key: CryptoKey
  /** An answer is waited for this long. */
  readonly timeoutMs: number
}

export interface Request {
  readonly fsid: string
  readonly command: Readonly<Record<string, unknown>>
  /** Input of the command. */
  readonly input: Buffer
  /** For this one monitor itself, not for the quorum: `ceph tell`. */
  readonly isTell: boolean
}

const ENTROPY_BYTES = 32
const TID = 1n

/** Asks the monitor at `target`. Errors: why there was no answer. */
export const askMonitor = (
  target: MonTarget,
  { fsid, command, input, isTell }: Request,
): TE.TaskEither<string, MonAnswer> => {
  const fields = { fsid, cmd: [JSON.stringify(command)], data: input }
  const message: Message = isTell
    ? { _tag: 'MCommand', ...fields }
    : { _tag: 'MMonCommand', version: 0n, ...fields }
  return exchange(target, message, (answer) =>
    answer._tag === 'MMonCommandAck' || answer._tag === 'MCommandReply'
      ? { code: answer.result, text: answer.text, data: answer.data }
      : undefined,
  )
}

/** The monmap that the monitor at `target` has. Errors: why there was none. */
export const askMonMap = (target: MonTarget): TE.TaskEither<string, MonMap> =>
  pipe(
    exchange(target, { _tag: 'MMonGetMap' }, (answer) =>
      answer._tag === 'MMonMap' ? answer.monmapBytes : undefined,
    ),
    TE.flatMapEither((bytes) => E.mapLeft(() => 'the monmap is damaged')(decodeFrom(decodeMonMap, bytes))),
  )

/** Sends `message` and waits until `answerOf` finds the answer in what comes. */
const exchange =
  <A>(
    target: MonTarget,
    message: Message,
    answerOf: (message: Message) => A | undefined,
  ): TE.TaskEither<string, A> =>
  () =>
    new Promise<E.Either<string, A>>((resolve) => {
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
          const answer = answerIn(event, answerOf)
          if (answer !== undefined) finish(answer)
        },
      })
      const timer = setTimeout(() => finish(E.left('no answer in time')), target.timeoutMs)
      const finish = (answer: E.Either<string, A>): void => {
        clearTimeout(timer)
        void messenger
          .shutdown()()
          .then(() => resolve(answer))
      }
      const connection = messenger.connectTo({ type: ENTITY_TYPE.mon, addrs: target.addrs })
      messenger.send(connection, encodeMessage(message, { tid: TID }))
    })

const answerIn = <A>(
  event: NetEvent,
  answerOf: (message: Message) => A | undefined,
): E.Either<string, A> | undefined => {
  if (event._tag === 'ConnectionClosed') return E.left(event.reason)
  if (event._tag !== 'MessageReceived') return undefined
  const message = decodeMessage(event.message)
  const answer = E.isLeft(message) ? undefined : answerOf(message.right)
  return answer === undefined ? undefined : E.right(answer)
}
