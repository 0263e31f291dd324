/**
 * Paxos's part of a trace: the state, the event and the effects as far as the specification knows them.
 *
 * Versions and proposal numbers are decimal text, values their length and checksum, a lease whether there is one.
 */
import { crc32c, CRC_SEED } from '../codec/crc32c.ts'
import { u64Of } from '../store/key.ts'
import type { Op } from '../store/transaction.ts'
import type { TraceStep } from '../trace/record.ts'
import type { PaxosEffect } from './effect.ts'
import type { PaxosEvent } from './event.ts'
import { PAXOS_OP, type PaxosMessage } from './message.ts'
import { PAXOS_PREFIX, type PaxosState } from './state.ts'

type Fields = TraceStep['before']

/** Names a value: equal bytes and, short of a collision, only those have equal names. */
export const valueName = (value: Buffer): string => `${value.length}:${crc32c(CRC_SEED, value)}`

/** The state as a trace shows it. */
export const projectPaxos = ({ mode, stored, term, ...state }: PaxosState): Fields => ({
  mode,
  rank: term.rank,
  epoch: term.epoch,
  leader: mode === 'electing' || mode === 'shutdown' ? null : term.leader,
  quorum: [...term.quorum],
  firstCommitted: stored.firstCommitted.toString(),
  lastCommitted: stored.lastCommitted.toString(),
  lastPn: stored.lastPn.toString(),
  acceptedPn: stored.acceptedPn.toString(),
  accepted:
    stored.accepted === undefined
      ? null
      : { pn: stored.accepted.pn.toString(), value: valueName(stored.accepted.value) },
  lasts: [...(state.collecting?.lasts ?? [])],
  peers: (state.collecting?.peers ?? []).map((peer) => [peer.rank, peer.lastCommitted.toString()]),
  uncommitted:
    state.collecting?.uncommitted === undefined
      ? null
      : {
          version: state.collecting.uncommitted.version.toString(),
          pn: state.collecting.uncommitted.pn.toString(),
          value: valueName(state.collecting.uncommitted.value),
        },
  acceptedBy: [...(state.proposing?.acceptedBy ?? [])],
  leaseAckedBy: [...state.leaseAckedBy],
  lease: state.leaseExpireMs > 0,
})

const opName = (op: number): string =>
  Object.entries(PAXOS_OP).find(([, number]) => number === op)?.[0] ?? String(op)

const messageFields = (message: PaxosMessage): Fields => ({
  epoch: message.epoch,
  firstCommitted: message.firstCommitted.toString(),
  lastCommitted: message.lastCommitted.toString(),
  pn: message.pn.toString(),
  uncommittedPn: message.uncommittedPn.toString(),
  values: [...message.values].map(([v, value]) => [v.toString(), valueName(value)]),
})

/** The fields of an event that the specification knows. */
export const argsOf = (event: PaxosEvent): Fields => {
  switch (event._tag) {
    case 'LeaderInit':
    case 'PeonInit':
      return {
        epoch: event.term.epoch,
        rank: event.term.rank,
        leader: event.term.leader,
        quorum: [...event.term.quorum],
        monCount: event.term.monCount,
      }
    case 'Propose':
      return { value: valueName(event.value) }
    case 'BeginWritten':
    case 'CommitWritten':
    case 'RefreshDone':
      return { epoch: event.epoch, version: event.version.toString() }
    case 'HandleCollect':
    case 'HandleLast':
    case 'HandleBegin':
    case 'HandleAccept':
    case 'HandleCommit':
    case 'HandleLease':
    case 'HandleLeaseAck':
      return { from: event.from, ...messageFields(event.message) }
    case 'Restart':
    case 'Shutdown':
    case 'CollectTimeout':
    case 'AcceptTimeout':
    case 'LeaseAckTimeout':
    case 'LeaseRenewTimeout':
    case 'LeaseTimeout':
      return {}
  }
}

const VERSION_KEY = /^[0-9]+$/

// Paxos's own keys of a write: its numbers, and its values by name.
const writtenKeys = (ops: readonly Op[]): Fields =>
  Object.fromEntries(
    ops.flatMap((op) => {
      if (op.prefix !== PAXOS_PREFIX || op.type !== 'put') return []
      return [[op.key, VERSION_KEY.test(op.key) ? valueName(op.value) : u64Of(op.value).toString()]]
    }),
  )

/** What an effect writes, sends or promises to clients, as a trace shows it. */
export const outOf = (effect: PaxosEffect): readonly Fields[] => {
  switch (effect._tag) {
    case 'Store':
      return [{ kind: 'write', durable: effect.durable, keys: writtenKeys(effect.ops) }]
    case 'Send':
      return [{ kind: opName(effect.message.op), to: effect.to, ...messageFields(effect.message) }]
    case 'ProposalCommitted':
      return [{ kind: 'committed', version: effect.version.toString() }]
    case 'StartTimer':
    case 'StopTimer':
    case 'Refresh':
    case 'ProposalAbandoned':
    case 'Active':
    case 'Readable':
    case 'Writeable':
    case 'PeerFeatures':
    case 'FutureTimestamp':
    case 'CallBootstrap':
      return []
  }
}

/** What happens to the store below Paxos: another monitor's is copied into it, or it is emptied for such a copy. */
export type StoreAction = 'StoreReplaced' | 'StoreDropped'

/** What a trace says when the store below Paxos is not what Paxos made of it; null when Paxos sees no difference. */
export const storeStep = (action: StoreAction, before: PaxosState, after: PaxosState): TraceStep | null => {
  const [was, is] = [projectPaxos(before), projectPaxos(after)]
  if (JSON.stringify(was) === JSON.stringify(is)) return null
  return { machine: 'paxos', action, args: {}, before: was, after: is, out: [] }
}

/**
 * What a trace says of one step, or null when there is nothing to say.
 *
 * A received message is always said, also when it is ignored: otherwise it would seem to be under way for ever.
 */
export const paxosTraceStep = (
  event: PaxosEvent,
  before: PaxosState,
  after: PaxosState,
  effects: readonly PaxosEffect[],
): TraceStep | null => {
  const projections = [projectPaxos(before), projectPaxos(after)] as const
  const out = effects.flatMap(outOf)
  const isIdle = out.length === 0 && JSON.stringify(projections[0]) === JSON.stringify(projections[1])
  if (isIdle && !('message' in event)) return null
  return {
    machine: 'paxos',
    action: event._tag,
    args: argsOf(event),
    before: projections[0],
    after: projections[1],
    out,
  }
}
