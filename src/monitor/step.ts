/**
 * The one entry point of the monitor: `(state, event) → [state', effects]`.
 *
 * An event is handled, then the tasks that it left, then whoever waited and can go on, then the next proposal is
 * made if there is one; and so on until nothing is left to do. What remains is data: timers, writes and messages
 * among the effects, waiters in the state.
 *
 * Who runs the effects has four duties:
 *   1. run them in the order given;
 *   2. let a message to a fellow monitor that follows a durable Commit leave only when that write is on disk;
 *   3. answer every Commit by CommitDone, in order;
 *   4. deliver events one at a time, stamped with the time and with randomness that is used once.
 */
import { invariant } from '../base/assert.ts'
import { withoutEntry } from '../base/ordered.ts'
import { timerEvent } from '../paxos/event.ts'
import type { Request } from '../service/contract.ts'
import { handleAuthRequest, handleAuthRequestMore } from './auth-link.ts'
import { bootstrap, probeTimeout } from './bootstrap.ts'
import { flushClusterLog } from './cluster-log.ts'
import { contained } from './contain.ts'
import { dispatch } from './dispatch.ts'
import type { MonitorEffect } from './effect.ts'
import { runElection } from './election-link.ts'
import type { MonitorEvent, TimerName } from './event.ts'
import { forgetRouted } from './forward.ts'
import { logOverallHealth } from './health-log.ts'
import { mgrDigestTimer } from './mgr-digest.ts'
import { runPaxos } from './paxos-link.ts'
import { pingTimer } from './ping.ts'
import { isReadable, isWriteable, maybePropose, propose } from './proposal.ts'
import { runRefresh } from './refresh.ts'
import { closeSession, openSession, resetSession, touchSession } from './session.ts'
import { shutdown, start } from './start.ts'
import type { MonitorState } from './state.ts'
import { resetRequester } from './sync/requester.ts'
import type { Task } from './task.ts'
import { handleAdminRequest } from './tell.ts'
import { tick } from './tick.ts'
import { timecheckRound } from './timecheck.ts'
import { Turn } from './turn.ts'
import { wakeWaiters } from './waiter.ts'

/** More tasks than this in one turn, and we are going round in circles. */
export const TASKS_PER_TURN_MAX = 1_000_000

export const step = (
  state: MonitorState,
  event: MonitorEvent,
): readonly [MonitorState, readonly MonitorEffect[]] => {
  const turn = new Turn(state, event)
  handleEvent(turn, event)
  settle(turn)
  return [turn.state, turn.effects]
}

const settle = (turn: Turn): void => {
  let count = 0
  do {
    for (let task = turn.tasks.shift(); task !== undefined; task = turn.tasks.shift()) {
      invariant(++count <= TASKS_PER_TURN_MAX, `more than ${TASKS_PER_TURN_MAX} tasks in one turn`)
      runTask(turn, task)
    }
    wake(turn)
    if (turn.tasks.length === 0) maybePropose(turn)
  } while (turn.tasks.length > 0)
}

const wake = (turn: Turn): void => {
  const { phase, paxos } = turn.state
  if (phase !== 'leader' && phase !== 'peon') return
  const writeable = isWriteable(turn)
  wakeWaiters(turn, (until) => {
    switch (until._tag) {
      case 'Quorum':
        return true
      case 'Readable':
        return isReadable(turn, until.service, until.version)
      case 'Writeable':
        return writeable
      case 'Committed':
        return writeable && paxos.stored.lastCommitted > until.version
    }
  })
}

const runTask = (turn: Turn, task: Task): void => {
  switch (task._tag) {
    case 'Election':
      runElection(turn, task.event)
      return
    case 'Paxos':
      runPaxos(turn, task.event)
      return
    case 'Refresh':
      runRefresh(turn, task.then)
      return
    case 'Bootstrap':
      resetRequester(turn)
      bootstrap(turn, task.reason)
      return
    case 'Dispatch':
      take(turn, task.request)
  }
}

const take = (turn: Turn, request: Request): void => contained(turn, request, () => dispatch(turn, request))

const handleEvent = (turn: Turn, event: MonitorEvent): void => {
  if (turn.state.phase === 'shutdown') return
  switch (event._tag) {
    case 'Started':
      start(turn)
      return
    case 'TimerFired':
      handleTimer(turn, event.timer)
      return
    case 'CommitDone':
      handleCommitDone(turn, event.write)
      return
    case 'AuthRequestReceived':
      handleAuthRequest(turn, event)
      return
    case 'AuthRequestMoreReceived':
      handleAuthRequestMore(turn, event)
      return
    case 'AuthAttemptClosed':
      turn.update({ authAttempts: withoutEntry(turn.state.authAttempts, event.attempt) })
      return
    case 'ConnectionReady':
      openSession(turn, event.connection, event.peer)
      return
    case 'ConnectionClosed':
      forgetRouted(turn, event.connection)
      closeSession(turn, event.connection)
      return
    case 'RemoteReset':
      resetSession(turn, event.connection)
      return
    case 'KeepaliveReceived':
      touchSession(turn, event.connection)
      return
    case 'MessageReceived': {
      touchSession(turn, event.connection)
      const session = turn.state.sessions.get(event.connection)
      const { message, raw } = event
      if (session !== undefined) take(turn, { session, message, tid: raw.tid, command: undefined, raw })
      return
    }
    case 'DiskMeasured':
      turn.update({ disk: event.disk })
      return
    case 'AdminRequest':
      handleAdminRequest(turn, event.id, event.command)
      return
    case 'ShutdownRequested':
      shutdown(turn)
  }
}

const handleCommitDone = (turn: Turn, write: number): void => {
  const [done, ...rest] = turn.state.writes
  invariant(done?.write === write, `write ${write} is done, but ${done?.write ?? 'none'} was next`)
  turn.update({ writes: rest })
  if (done.then === undefined) return
  if (done.then.machine === 'election') turn.defer({ _tag: 'Election', event: done.then.event })
  else turn.defer({ _tag: 'Paxos', event: { ...done.then.event, now: turn.now } })
}

const handleTimer = (turn: Turn, timer: TimerName): void => {
  switch (timer) {
    case 'tick':
      tick(turn)
      return
    case 'probe':
      probeTimeout(turn)
      return
    case 'election':
      turn.defer({
        _tag: 'Election',
        event: { _tag: 'ElectionTimeout', hasEverJoined: turn.state.hasEverJoined },
      })
      return
    case 'propose':
      turn.update({ proposeTimerRunning: false })
      if (isWriteable(turn)) propose(turn)
      return
    case 'collect':
    case 'accept':
    case 'leaseRenew':
    case 'leaseAck':
    case 'lease':
      turn.defer({ _tag: 'Paxos', event: timerEvent(timer, turn.now) })
      return
    case 'ping':
      pingTimer(turn)
      return
    case 'timecheck':
      timecheckRound(turn)
      return
    case 'sync':
      turn.defer({ _tag: 'Bootstrap', reason: 'the sync provider does not answer' })
      return
    case 'mgrDigest':
      mgrDigestTimer(turn)
      return
    case 'overallHealth':
      logOverallHealth(turn)
      return
    case 'log':
      flushClusterLog(turn)
  }
}
