/**
 * Requests that wait, as data: each says for what. Whatever may have made a condition true, the end of every step
 * looks here.
 */
import type { Request, ServiceEffect } from '../service/contract.ts'
import type { Condition, Waiter } from './state.ts'
import type { Turn } from './turn.ts'

/** Takes the waiters whose condition holds, in the order in which they came, and dispatches them again. */
export const wakeWaiters = (turn: Turn, holds: (until: Condition) => boolean): void => {
  const { waiters } = turn.state
  if (waiters.length === 0) return
  const woken: Waiter[] = []
  const left: Waiter[] = []
  for (const waiter of waiters) (holds(waiter.until) ? woken : left).push(waiter)
  if (woken.length === 0) return
  turn.update({ waiters: left })
  for (const { request } of woken) turn.defer({ _tag: 'Dispatch', request })
}

/**
 * The quorum is gone: everybody starts over when there is a new one. What peons forwarded is dropped, because they
 * send it again; what clients of ours had under way is taken up again, so that no request is left without an answer.
 */
export const restartWaiters = (turn: Turn): void => {
  const { state } = turn
  const underWay = [...(state.proposal?.afterCommit ?? []), ...state.afterCommit].flatMap(requestOf)
  const requests = [...underWay, ...state.waiters.map((w) => w.request)].filter((r) => !r.session.isRouted)
  const unique = [...new Set(requests)]
  turn.update({
    waiters: unique.map((request) => ({ until: { _tag: 'Quorum' as const }, request, sinceMs: turn.now })),
    routeBack: new Map(),
    proposal: undefined,
    afterCommit: [],
    dirty: new Set(),
    extraOps: [],
    mustPropose: false,
    pendings: undefined,
  })
}

const requestOf = (effect: ServiceEffect): readonly Request[] =>
  effect._tag === 'CommandAnswer' || effect._tag === 'Reply' || effect._tag === 'NoReply'
    ? [effect.request]
    : []
