/**
 * The modes of Paxos as a statechart. It decides which events a mode expects and where they lead; everything that is
 * counted, stored or sent is computed by the handlers, which hand the result here as an outcome.
 *
 * The event names are the actions of spec/MonPaxos.tla. The states and transitions are exactly the projection of the
 * spec's state graph on one monitor's mode; a test compares them in both directions.
 */
import { setup } from 'xstate'
import { drive, machineTypes } from '../base/drive.ts'
import { invariant } from '../base/assert.ts'
import type { PaxosEventTag } from './event.ts'
import type { PaxosMode } from './state.ts'

/** What a handler found, where the next mode depends on it. */
export type Outcome =
  /** LeaderInit: a quorum of one, and nothing to recover. */
  | 'alone'
  /** HandleLast: everybody answered, and a value may have been committed before. LeaderInit: the same, alone. */
  | 'uncommitted'
  /** HandleLast: everybody answered and there is no such value. HandleAccept, BeginWritten: everybody accepted. */
  | 'everyone'
  /** HandleBegin: the value was accepted. HandleLease: the lease is for the version that this peon has. */
  | 'accepted'
  /** None of these: the mode stays. */
  | 'unchanged'

interface ModeEvent {
  readonly type: PaxosEventTag
  readonly outcome: Outcome
}

const byOutcome =
  (outcome: Outcome) =>
  ({ event }: { readonly event: ModeEvent }): boolean =>
    event.outcome === outcome

export const paxosMachine = setup({
  types: machineTypes<{ events: ModeEvent; context: object }>(),
  guards: {
    alone: byOutcome('alone'),
    uncommitted: byOutcome('uncommitted'),
    everyone: byOutcome('everyone'),
    accepted: byOutcome('accepted'),
  },
}).createMachine({
  id: 'paxos',
  context: {},
  initial: 'electing',
  on: { Restart: '.electing', Shutdown: '.shutdown' },
  states: {
    electing: {
      on: {
        LeaderInit: [
          { guard: 'alone', target: 'leader.active' },
          { guard: 'uncommitted', target: 'leader.updating-previous' },
          { target: 'leader' },
        ],
        PeonInit: 'peon',
      },
    },
    leader: {
      initial: 'recovering',
      states: {
        recovering: {
          on: {
            HandleLast: [
              { guard: 'uncommitted', target: 'updating-previous' },
              { guard: 'everyone', target: 'refresh' },
              { target: 'recovering' },
            ],
            CollectTimeout: 'recovering',
          },
        },
        active: {
          on: {
            Propose: 'updating',
            HandleLeaseAck: 'active',
            LeaseRenewTimeout: 'active',
            LeaseAckTimeout: 'active',
          },
        },
        updating: {
          on: {
            BeginWritten: [{ guard: 'everyone', target: 'writing' }, { target: 'updating' }],
            HandleAccept: [{ guard: 'everyone', target: 'writing' }, { target: 'updating' }],
            AcceptTimeout: 'updating',
          },
        },
        'updating-previous': {
          on: {
            BeginWritten: [
              { guard: 'everyone', target: 'writing-previous' },
              { target: 'updating-previous' },
            ],
            HandleAccept: [
              { guard: 'everyone', target: 'writing-previous' },
              { target: 'updating-previous' },
            ],
            AcceptTimeout: 'updating-previous',
          },
        },
        writing: { on: { CommitWritten: 'refresh' } },
        'writing-previous': { on: { CommitWritten: 'refresh' } },
        refresh: { on: { RefreshDone: 'active' } },
      },
    },
    peon: {
      initial: 'recovering',
      states: {
        recovering: {
          on: {
            HandleCollect: 'recovering',
            HandleCommit: 'recovering',
            HandleBegin: [{ guard: 'accepted', target: 'updating' }, { target: 'recovering' }],
            HandleLease: [{ guard: 'accepted', target: 'active' }, { target: 'recovering' }],
            LeaseTimeout: 'recovering',
          },
        },
        active: {
          on: {
            HandleBegin: [{ guard: 'accepted', target: 'updating' }, { target: 'active' }],
            HandleLease: 'active',
            LeaseTimeout: 'active',
          },
        },
        updating: {
          on: {
            HandleBegin: 'updating',
            HandleCommit: 'updating',
            HandleLease: [{ guard: 'accepted', target: 'active' }, { target: 'updating' }],
            LeaseTimeout: 'updating',
          },
        },
      },
    },
    // Nothing follows: the root's transitions are cut off.
    shutdown: { on: { Restart: {}, Shutdown: {} } },
  },
})

const driven = drive(paxosMachine)

// xstate's value of a mode: { leader: 'active' } for 'leader.active'.
const valueOf = (mode: PaxosMode): string | Record<string, string> => {
  const [role, inner] = mode.split('.')
  return role === undefined || inner === undefined ? mode : { [role]: inner }
}

const modeOf = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Object.entries(value)
        .map(([role, inner]) => `${role}.${String(inner)}`)
        .join()
    : String(value)

/** All modes; a record, so that none can be missing. */
export const PAXOS_MODES: Readonly<Record<PaxosMode, true>> = {
  electing: true,
  'leader.recovering': true,
  'leader.active': true,
  'leader.updating': true,
  'leader.updating-previous': true,
  'leader.writing': true,
  'leader.writing-previous': true,
  'leader.refresh': true,
  'peon.recovering': true,
  'peon.active': true,
  'peon.updating': true,
  shutdown: true,
}

export const isPaxosMode = (text: string): text is PaxosMode => text in PAXOS_MODES

// A snapshot of this machine is its mode and nothing else, so one per mode serves all monitors.
const snapshots = new Map(
  Object.keys(PAXOS_MODES)
    .filter(isPaxosMode)
    .map((mode) => [mode, paxosMachine.resolveState({ value: valueOf(mode), context: {} })]),
)

const transition = (mode: PaxosMode, tag: PaxosEventTag, outcome: Outcome): PaxosMode | undefined => {
  const snapshot = snapshots.get(mode)
  if (snapshot?.can({ type: tag, outcome }) !== true) return undefined
  const next = modeOf(driven.next(snapshot, { type: tag, outcome })[0].value)
  invariant(isPaxosMode(next), `paxos mode ${next} is unknown`)
  return next
}

// The chart without its context is a table, filled as it is asked for: every message of Paxos asks twice.
const table = new Map<string, PaxosMode | undefined>()

const lookUp = (mode: PaxosMode, tag: PaxosEventTag, outcome: Outcome): PaxosMode | undefined => {
  const key = `${mode} ${tag} ${outcome}`
  if (!table.has(key)) table.set(key, transition(mode, tag, outcome))
  return table.get(key)
}

/** Whether `mode` has a transition for `tag`; events without one are late or strays. */
export const expects = (mode: PaxosMode, tag: PaxosEventTag): boolean =>
  lookUp(mode, tag, 'unchanged') !== undefined

/** The mode after `tag` with what its handler found. Errors: asserts when `mode` does not expect `tag`. */
export const nextMode = (mode: PaxosMode, tag: PaxosEventTag, outcome: Outcome = 'unchanged'): PaxosMode => {
  const next = lookUp(mode, tag, outcome)
  invariant(next !== undefined, `paxos mode ${mode} does not expect ${tag}`)
  return next
}
