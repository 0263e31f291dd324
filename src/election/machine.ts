/**
 * The statechart of a classic election: which mode follows which, on what event, and what is done on the way.
 *
 * The same chart, read from the state graph that the model checker finds for spec/MonElection.tla, is compared with
 * this one arrow by arrow in test/election/projection.test.ts. A name in PascalCase is an effect.
 */
import { assign, enqueueActions, setup } from 'xstate'
import { invariant, known } from '../base/assert.ts'
import type { Epoch, Rank } from '../base/brand.ts'
import { drive, machineTypes } from '../base/drive.ts'
import type { ElectionEffect, LoseElection, SendVictory, WinElection } from './effect.ts'
import type { ElectionEvent } from './event.ts'
import * as when from './guard.ts'
import * as then from './handler.ts'
import type { ElectionContext, ElectionState } from './state.ts'

type Tag = ElectionEvent['_tag']
type Of<T extends Tag> = Extract<ElectionEvent, { readonly _tag: T }>
/** xstate dispatches on `type`; the event itself is carried along. */
type Wrapped = { readonly [T in Tag]: { readonly type: T; readonly of: Of<T> } }[Tag]
interface Scope {
  readonly context: ElectionContext
  readonly event: Wrapped
}

/** The event that `Scope` holds, known to have this tag because the chart says so. */
const the = <T extends Tag>({ event }: Scope, tag: T): Of<T> => {
  invariant(event.type === tag, `the chart uses ${tag} on ${event.type}`)
  return event.of as Of<T>
}

const peers = ({ rank, size }: ElectionContext): readonly Rank[] =>
  Array.from({ length: size }, (_, at) => at as Rank).filter((other) => other !== rank)

const effect = <Params>(_scope: unknown, _params: Params): void => undefined

const parts = setup({
  types: machineTypes<{ context: ElectionContext; events: Wrapped }>(),
  guards: {
    proposeIsOld: (s) => when.proposeIsOld(s.context, the(s, 'ReceivePropose')),
    proposeIsNew: (s) => when.proposeIsNew(s.context, the(s, 'ReceivePropose')),
    callsFromOutside: (s) =>
      when.proposeIsOld(s.context, the(s, 'ReceivePropose')) &&
      when.senderIsOutside(s.context, the(s, 'ReceivePropose')),
    senderWins: (s) => when.senderWins(s.context, the(s, 'ReceivePropose')),
    newSenderWins: (s) =>
      when.proposeIsNew(s.context, the(s, 'ReceivePropose')) &&
      when.senderWins(s.context, the(s, 'ReceivePropose')),
    senderNeedsReminder: (s) => when.senderNeedsReminder(s.context, the(s, 'ReceivePropose')),
    ackIsCurrent: (s) => when.ackIsCurrent(s.context, the(s, 'ReceiveAck')),
    ackIsLast: (s) => when.ackIsLast(s.context, the(s, 'ReceiveAck')),
    hasMajority: (s) => when.hasMajority(s.context),
    hasEverJoined: (s) => the(s, 'ElectionTimeout').hasEverJoined,
    victoryEndsElection: (s) => when.victoryEndsElection(s.context, the(s, 'ReceiveVictory')),
    victoryIsStrange: (s) => when.victoryIsStrange(s.context, the(s, 'ReceiveVictory')),
  },
  actions: {
    restart: assign((s) => then.restart(the(s, 'Restart'))),
    forget: assign(() => then.DOWN),
    leave: assign((s) => then.leave(s.context, the(s, 'Bootstrap'))),
    giveUp: assign((s) => then.leave(s.context, s.context)),
    notePersisted: assign((s) => then.notePersisted(s.context, the(s, 'EpochPersisted'))),
    stand: assign((s) => then.stand(s.context, then.seenEpoch(s.context))),
    standAfterPropose: assign((s) => then.stand(s.context, the(s, 'ReceivePropose').epoch)),
    standAfterVictory: assign((s) => then.stand(s.context, the(s, 'ReceiveVictory').epoch)),
    joinEpoch: assign((s) => then.bumpEpoch(s.context, the(s, 'ReceivePropose').epoch)),
    defer: assign((s) => then.defer(s.context, the(s, 'ReceivePropose').from)),
    countAck: assign((s) => then.countAck(s.context, the(s, 'ReceiveAck'))),
    lead: assign((s) => then.lead(s.context)),
    leadAlone: assign((s) => then.leadAlone(s.context)),
    follow: assign((s) => then.follow(s.context, the(s, 'ReceiveVictory'))),
    persistInitialEpoch: enqueueActions(({ context, enqueue }) => {
      const { epoch, persistedEpoch } = context
      if (persistedEpoch !== 0 && persistedEpoch !== epoch)
        enqueue({ type: 'PersistEpoch', params: { epoch } })
    }),
    winAlone: enqueueActions(({ context, enqueue }) => {
      enqueue({ type: 'WinElection', params: then.victoryAlone(context) })
    }),
    sendProposals: enqueueActions(({ context, enqueue }) => {
      const { epoch } = context
      for (const to of peers(context)) enqueue({ type: 'SendPropose', params: { to, epoch } })
    }),
    announceVictory: enqueueActions(({ context, enqueue }) => {
      const victory = then.victoryOf(context)
      const { metadata: _, ...announced } = victory
      enqueue('lead')
      enqueue('JoinElection')
      enqueue({ type: 'PersistEpoch', params: { epoch: victory.epoch } })
      enqueue('StopElectionTimer')
      for (const to of victory.quorum)
        if (to !== context.rank) enqueue({ type: 'SendVictory', params: { to, ...announced } })
      enqueue({ type: 'WinElection', params: victory })
    }),
    PersistEpoch: effect<{ epoch: Epoch }>,
    SendPropose: effect<{ to: Rank; epoch: Epoch }>,
    SendAck: effect<{ to: Rank; epoch: Epoch }>,
    SendVictory: effect<Omit<SendVictory, '_tag'>>,
    StartElectionTimer: effect<{ kind: 'normal' | 'deferred' }>,
    StopElectionTimer: effect,
    JoinElection: effect,
    WinElection: effect<Omit<WinElection, '_tag'>>,
    LoseElection: effect<Omit<LoseElection, '_tag'>>,
    CallBootstrap: effect,
  },
})

const persistEpoch = {
  type: 'PersistEpoch',
  params: ({ context }: Scope) => ({ epoch: context.epoch }),
} as const
const startTimer = { type: 'StartElectionTimer', params: { kind: 'normal' } } as const
const startDeferredTimer = { type: 'StartElectionTimer', params: { kind: 'deferred' } } as const
/** An answer to who proposed, in the epoch that holds after it was heard. */
const toProposer = (s: Scope): { readonly to: Rank; readonly epoch: Epoch } => ({
  to: the(s, 'ReceivePropose').from,
  epoch: s.context.epoch,
})
const sendAck = { type: 'SendAck', params: toProposer } as const
const remind = { type: 'SendPropose', params: toProposer } as const
const loseElection = {
  type: 'LoseElection',
  params: (s: Scope) => then.lossOf(the(s, 'ReceiveVictory')),
} as const

const CANDIDACY = ['JoinElection', persistEpoch, 'sendProposals', startTimer] as const
const VOTE = [sendAck, startDeferredTimer] as const
const JOIN = ['joinEpoch', 'JoinElection', persistEpoch] as const

/** What every running monitor does alike. */
const RUNNING = {
  Shutdown: { target: 'down', actions: 'forget' },
  EpochPersisted: { actions: 'notePersisted' },
} as const

/** A running election ends for this monitor by another's victory, or by the end of its patience. */
const ELECTING = {
  ...RUNNING,
  Bootstrap: { target: 'probing', actions: ['leave', 'StopElectionTimer'] },
  ReceiveVictory: [
    {
      guard: 'victoryEndsElection',
      target: 'peon',
      actions: ['follow', 'JoinElection', persistEpoch, 'StopElectionTimer', loseElection],
    },
    { guard: 'victoryIsStrange', target: 'candidate', actions: ['standAfterVictory', ...CANDIDACY] },
  ],
} as const

/** A quorum stands until somebody better, somebody left out or a newer epoch ends it. */
const STABLE = {
  ...RUNNING,
  Bootstrap: { target: 'probing', actions: 'leave' },
  ReceivePropose: [
    { guard: 'callsFromOutside', target: 'candidate', actions: ['stand', ...CANDIDACY] },
    { guard: 'newSenderWins', target: 'deferring', actions: [...JOIN, 'defer', ...VOTE] },
    { guard: 'proposeIsNew', target: 'candidate', actions: ['standAfterPropose', ...CANDIDACY] },
  ],
  ReceiveVictory: {
    guard: 'victoryIsStrange',
    target: 'candidate',
    actions: ['standAfterVictory', ...CANDIDACY],
  },
} as const

const STAND_AGAIN = [
  { guard: 'hasEverJoined', target: 'candidate', actions: ['stand', ...CANDIDACY] },
  { target: 'probing', actions: ['giveUp', 'StopElectionTimer', 'CallBootstrap'] },
] as const

/** The chart itself, for the tests and the drawings. */
export const electionMachine = parts.createMachine({
  id: 'election',
  context: then.DOWN,
  initial: 'down',
  states: {
    down: { on: { Restart: { target: 'probing', actions: ['restart', 'persistInitialEpoch'] } } },
    probing: {
      on: {
        ...RUNNING,
        Bootstrap: { actions: 'leave' },
        StartElection: { target: 'candidate', actions: ['stand', ...CANDIDACY] },
        StandaloneVictory: {
          target: 'leader',
          actions: ['JoinElection', 'leadAlone', persistEpoch, 'winAlone'],
        },
      },
    },
    candidate: {
      on: {
        ...ELECTING,
        ReceivePropose: [
          { guard: 'senderNeedsReminder', actions: remind },
          { guard: 'proposeIsOld' },
          { guard: 'newSenderWins', target: 'deferring', actions: [...JOIN, 'defer', ...VOTE] },
          { guard: 'senderWins', target: 'deferring', actions: ['defer', ...VOTE] },
          { guard: 'proposeIsNew', actions: ['standAfterPropose', ...CANDIDACY] },
        ],
        ReceiveAck: [
          { guard: 'ackIsLast', target: 'leader', actions: ['countAck', 'announceVictory'] },
          { guard: 'ackIsCurrent', actions: 'countAck' },
        ],
        ElectionTimeout: [
          { guard: 'hasMajority', target: 'leader', actions: 'announceVictory' },
          ...STAND_AGAIN,
        ],
      },
    },
    deferring: {
      on: {
        ...ELECTING,
        ReceivePropose: [
          { guard: 'proposeIsOld' },
          { guard: 'newSenderWins', actions: [...JOIN, 'defer', ...VOTE] },
          { guard: 'senderWins', actions: ['defer', ...VOTE] },
          { guard: 'proposeIsNew', actions: JOIN },
        ],
        ElectionTimeout: STAND_AGAIN,
      },
    },
    leader: { on: STABLE },
    peon: { on: STABLE },
  },
})

const driven = drive(electionMachine)

const EVERY_MODE = ['down', 'probing', 'candidate', 'deferring', 'leader', 'peon'] as const
const snapshotOf = new Map(
  EVERY_MODE.map((mode) => [mode, electionMachine.resolveState({ value: mode, context: then.DOWN })]),
)

/** A process that is not running. */
export const DOWN_ELECTION: ElectionState = { mode: 'down', ...then.DOWN }

/** Drives the chart by one event; see step.ts. */
export const nextElection = (
  state: ElectionState,
  event: ElectionEvent,
): readonly [ElectionState, readonly ElectionEffect[]] => {
  const { mode, ...context } = state
  const before = known(snapshotOf.get(mode), `the mode ${mode}`)
  // The wrapped event has the tag of the event in it, which the types cannot follow through the union.
  const wrapped = { type: event._tag, of: event } as Wrapped
  const [after, effects] = driven.next({ ...before, context }, wrapped)
  return [
    after.context === context && after.value === mode ? state : { mode: after.value, ...after.context },
    effects.map(({ type, params }) => ({ _tag: type, ...(params as object | undefined) }) as ElectionEffect),
  ]
}
