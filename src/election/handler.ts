/**
 * What an election does to its context; the statechart says when. Each function is named after the step of Ceph's
 * ElectionLogic it stands for, returns the next context, and leaves the messages to the effects.
 */
import { invariant, known } from '../base/assert.ts'
import { epoch, type Epoch, type Rank } from '../base/brand.ts'
import { byNumber, withEntry } from '../base/ordered.ts'
import type { LoseElection, WinElection } from './effect.ts'
import { candidateEpoch, initialEpoch, isElecting } from './epoch.ts'
import type { Bootstrap, EpochPersisted, ReceiveAck, ReceiveVictory, Restart } from './event.ts'
import type { ElectionContext, PeerInfo } from './state.ts'

const NONE: PeerInfo = { connectionFeatures: 0n, monFeatures: 0n, release: 0, metadata: new Map() }

/** A monitor that has not started. */
export const DOWN: ElectionContext = {
  rank: 0 as Rank,
  size: 0,
  self: NONE,
  epoch: epoch(0),
  storedEpoch: epoch(0),
  persistedEpoch: epoch(0),
  leaderAcked: null,
  ackedMe: new Map(),
  leader: null,
  quorum: [],
}

const OUTSIDE = { leaderAcked: null, ackedMe: new Map<Rank, PeerInfo>(), leader: null, quorum: [] }

/** Reads the epoch from the store. Source: ceph src/mon/ElectionLogic.cc ElectionLogic::init. */
export const restart = (event: Restart): ElectionContext => {
  invariant(event.size > 0, `a monmap of ${event.size} monitors`)
  const begin = initialEpoch(event.persistedEpoch)
  return {
    ...DOWN,
    rank: event.rank,
    size: event.size,
    self: event.self,
    epoch: begin,
    storedEpoch: event.persistedEpoch === 0 ? event.persistedEpoch : begin,
    persistedEpoch: event.persistedEpoch,
  }
}

/** Out of every election and quorum, with the place that the monmap gives now. */
export const leave = (context: ElectionContext, { rank, size }: Pick<Bootstrap, 'rank' | 'size'>) => ({
  ...context,
  ...OUTSIDE,
  rank,
  size,
})

/** Into `to`, not yet with a vote. Source: ceph src/mon/ElectionLogic.cc ElectionLogic::bump_epoch. */
export const bumpEpoch = (context: ElectionContext, to: Epoch): ElectionContext => {
  invariant(context.epoch <= to, `election epoch ${context.epoch} would fall to ${to}`)
  return { ...context, epoch: to, storedEpoch: to, ackedMe: OUTSIDE.ackedMe, leader: null, quorum: [] }
}

/**
 * Stands as a candidate, having seen epoch `seen`.
 *
 * Differs: the very first epoch, 1, is stored before it is used. Ceph only tests that its store can be written, and a
 *          monitor that votes in epoch 1, dies and returns can vote in it again; spec/MonElection.tla has that as the
 *          mutant `FirstEpochNotStored`, which breaks `SentIsStored`.
 * Source: ceph src/mon/ElectionLogic.cc ElectionLogic::start.
 */
export const stand = (context: ElectionContext, seen: Epoch): ElectionContext => ({
  ...bumpEpoch(context, candidateEpoch(seen)),
  leaderAcked: null,
  ackedMe: new Map([[context.rank, context.self]]),
})

/** The epoch that the next candidacy has to pass: 0 as long as none was ever stored. */
export const seenEpoch = (context: ElectionContext): Epoch => context.storedEpoch

/** Votes for `who`. Source: ceph src/mon/ElectionLogic.cc ElectionLogic::defer. */
export const defer = (context: ElectionContext, who: Rank): ElectionContext => {
  invariant(who < context.rank, `rank ${context.rank} would defer to ${who}`)
  return { ...context, leaderAcked: who, ackedMe: OUTSIDE.ackedMe }
}

/** Counts a vote. Source: ceph src/mon/ElectionLogic.cc ElectionLogic::receive_ack. */
export const countAck = (context: ElectionContext, ack: ReceiveAck): ElectionContext => {
  const { connectionFeatures, monFeatures, release, metadata } = ack
  return {
    ...context,
    ackedMe: withEntry(context.ackedMe, ack.from, { connectionFeatures, monFeatures, release, metadata }),
  }
}

const infoOf = (context: ElectionContext, member: Rank): PeerInfo =>
  known(context.ackedMe.get(member), `what rank ${member} told when it voted`)

/**
 * What a victory of this context announces; called before `lead`.
 *
 * Shape:  features are those that every member has, the release is the oldest, the epoch the even one after ours.
 * Source: ceph src/mon/Elector.cc Elector::message_victory.
 */
export const victoryOf = (context: ElectionContext): Omit<WinElection, '_tag'> => {
  invariant(isElecting(context.epoch), `a victory in epoch ${context.epoch}, which is no election`)
  const quorum = [...context.ackedMe.keys()].sort(byNumber)
  const infos = quorum.map((member) => infoOf(context, member))
  return {
    epoch: epoch(context.epoch + 1),
    quorum,
    quorumFeatures: infos.reduce((all, info) => all & info.connectionFeatures, ALL_BITS),
    monFeatures: infos.reduce((all, info) => all & info.monFeatures, ALL_BITS),
    release: Math.min(...infos.map(({ release }) => release)),
    metadata: new Map(quorum.map((member) => [member, infoOf(context, member).metadata])),
  }
}

const ALL_BITS = 0xffff_ffff_ffff_ffffn

/** Leads the quorum of those who voted. Source: ceph src/mon/ElectionLogic.cc declare_victory. */
export const lead = (context: ElectionContext): ElectionContext => {
  const { epoch: won, quorum } = victoryOf(context)
  return { ...bumpEpoch(context, won), leaderAcked: null, leader: context.rank, quorum }
}

/**
 * Leads alone.
 *
 * Shape:  the epoch is the one after `initialEpoch` of what was stored: 2 at first, 3 when the first map is
 *         committed and the monitor begins again; odd or even has no meaning here.
 * Source: ceph src/mon/ElectionLogic.cc ElectionLogic::declare_standalone_victory.
 */
export const leadAlone = (context: ElectionContext): ElectionContext => {
  invariant(context.size === 1 && context.rank === 0, `rank ${context.rank} of ${context.size} stands alone`)
  return {
    ...bumpEpoch(context, epoch(initialEpoch(context.storedEpoch) + 1)),
    leader: context.rank,
    quorum: [context.rank],
  }
}

/** What a victory alone announces; called after `leadAlone`. Source: Monitor::win_standalone_election. */
export const victoryAlone = ({ epoch: won, rank, self }: ElectionContext): Omit<WinElection, '_tag'> => ({
  epoch: won,
  quorum: [rank],
  quorumFeatures: self.connectionFeatures,
  monFeatures: self.monFeatures,
  release: self.release,
  metadata: new Map([[rank, self.metadata]]),
})

/** Follows the winner. Source: ceph src/mon/ElectionLogic.cc ElectionLogic::receive_victory_claim. */
export const follow = (context: ElectionContext, victory: ReceiveVictory): ElectionContext => ({
  ...bumpEpoch(context, victory.epoch),
  leaderAcked: null,
  leader: victory.from,
  quorum: [...victory.quorum].sort(byNumber),
})

/** What the monitor is told when it follows. */
export const lossOf = ({ from, ...victory }: ReceiveVictory): Omit<LoseElection, '_tag'> => ({
  epoch: victory.epoch,
  leader: from,
  quorum: [...victory.quorum].sort(byNumber),
  quorumFeatures: victory.quorumFeatures,
  monFeatures: victory.monFeatures,
  release: victory.release,
  commandBytes: victory.commandBytes,
})

/** The store has answered. */
export const notePersisted = (context: ElectionContext, event: EpochPersisted): ElectionContext => {
  invariant(
    context.persistedEpoch < event.epoch && event.epoch <= context.storedEpoch,
    `epoch ${event.epoch} reached the disk, which held ${context.persistedEpoch}, of ${context.storedEpoch} stored`,
  )
  return { ...context, persistedEpoch: event.epoch }
}
