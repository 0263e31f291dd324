/**
 * Requests whose handler throws. What throws is a mistake of ours, and elsewhere it ends the process; but a client
 * must not find one that ends all monitors, one after the other, as its request is forwarded and repeated. The state
 * is a value, so a request that throws is as if it had not come: its sender hears EIO, the log has the stack.
 *
 * Agreement between monitors is not contained: a monitor that contradicts itself there must not go on.
 */
import { ENTITY_TYPE, printEntityName } from '../codec/type/entity-name.ts'
import type { Request, ServiceEffect } from '../service/contract.ts'
import { ERRNO } from '../service/errno.ts'
import { answer, failed } from '../service/reply.ts'
import { runServiceEffects } from './service-effect.ts'
import type { Turn } from './turn.ts'

/** Runs `handle`, the handling of `request`, for what it is worth. */
export const contained = (turn: Turn, request: Request, handle: () => void): void => {
  if (isFellow(request)) {
    handle()
    return
  }
  const before = turn.mark()
  try {
    handle()
  } catch (error) {
    turn.rollback(before)
    const { session, message, command } = request
    const what = command === undefined ? message._tag : `${message._tag} '${command.prefix}'`
    logMistake(turn, `${what} from ${printEntityName(session.identity.entityName)}`, error)
    runServiceEffects(turn, [excuse(request)])
  }
}

/** The answer to a request that came to nothing by a mistake of ours. */
export const excuse = (request: Request): ServiceEffect =>
  request.message._tag === 'MMonCommand' || request.message._tag === 'MCommand'
    ? answer(request, failed(ERRNO.EIO, 'internal error; see the log of the monitor'))
    : { _tag: 'NoReply', request }

/** Says what a mistake of ours has hit, and where it is. */
export const logMistake = (turn: Turn, what: string, error: unknown): void => {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  for (const line of [`${what} met a mistake:`, ...stack.split('\n')]) turn.log(-1, line)
}

const isFellow = ({ session }: Request): boolean => session.peerType === ENTITY_TYPE.mon && !session.isRouted
