/**
 * HealthMonitor: what is wrong with the quorum itself, what each monitor finds wrong with itself, and what the
 * operator has muted.
 *
 * Keys: health/quorum, health/leader, health/mutes, and health/health with all of it merged; its versions have no
 * bodies.
 * Source: ceph src/mon/HealthMonitor.cc.
 */
import * as E from 'fp-ts/lib/Either.js'
import { withEntry, withoutEntry } from '../../base/ordered.ts'
import { decodeFrom, type Reader } from '../../codec/reader.ts'
import { encoded } from '../../codec/writer.ts'
import {
  decodeHealthCheckMap,
  encodeHealthCheckMap,
  type HealthCheckMap,
  NO_HEALTH_CHECKS,
} from '../../map/health.ts'
import { put, type Op } from '../../store/transaction.ts'
import type { PaxosService, ServiceEffect, UpdateResult, World } from '../contract.ts'
import { putHealth, putLastCommitted } from '../encode.ts'
import { leaderHealth } from './checks.ts'
import { decodeMutes, decodeQuorumChecks, encodeMutes, encodeQuorumChecks, sameChecks } from './codec.ts'
import { healthMute, healthUnmute } from './command/mute.ts'
import { gatherHealth } from './gather.ts'
import { memberHealth, quorumHealth } from './member.ts'
import { checkMutes } from './mutes.ts'
import { INITIAL_HEALTH_STATE, type HealthPending, type HealthState } from './state.ts'
import { mergeHealth } from './status.ts'

const read = <A>(world: World, key: string, decode: (r: Reader) => A, none: A): A => {
  const bytes = world.store.get('health', key)
  const value = bytes === undefined ? undefined : decodeFrom(decode, bytes)
  return value !== undefined && E.isRight(value) ? value.right : none
}

const updateFromPaxos = (world: World, state: HealthState): HealthState => {
  const lastCommitted = world.store.u64('health', 'last_committed')
  if (lastCommitted === state.lastCommitted) return state
  return {
    firstCommitted: world.store.u64('health', 'first_committed'),
    lastCommitted,
    quorumChecks: read(world, 'quorum', decodeQuorumChecks, new Map()),
    leaderChecks: read(world, 'leader', decodeHealthCheckMap, new Map()),
    mutes: read(world, 'mutes', decodeMutes, new Map()),
  }
}

const createPending = (world: World): HealthPending => {
  const { lastCommitted, quorumChecks, leaderChecks, mutes } = world.committed.health
  return { version: lastCommitted + 1n, quorumChecks, leaderChecks, mutes }
}

const encodePending = (world: World, pending: HealthPending): readonly Op[] => [
  ...putLastCommitted(world, 'health', pending.version),
  put(
    'health',
    'quorum',
    encoded((w) => encodeQuorumChecks(w, pending.quorumChecks)),
  ),
  put(
    'health',
    'leader',
    encoded((w) => encodeHealthCheckMap(w, pending.leaderChecks)),
  ),
  put(
    'health',
    'mutes',
    encoded((w) => encodeMutes(w, pending.mutes)),
  ),
  putHealth('health', mergeHealth([quorumHealth(pending.quorumChecks, world.monmap), pending.leaderChecks])),
]

const prepared = (pending: HealthPending): UpdateResult => ({
  _tag: 'Prepared',
  pendings: { health: pending },
  effects: [],
  afterCommit: [],
})

/** What each member of the quorum said last, and what this monitor says of itself now. */
const liveMembers = (
  world: World,
  checks: ReadonlyMap<number, HealthCheckMap>,
): ReadonlyMap<number, HealthCheckMap> => {
  const { quorum, self } = world
  const gone = [...checks.keys()].filter((rank) => !quorum.ranks.includes(rank))
  const live = gone.reduce(withoutEntry, checks)
  const own = memberHealth(world)
  return sameChecks(live.get(self.rank) ?? NO_HEALTH_CHECKS, own) ? live : withEntry(live, self.rank, own)
}

/** What is found wrong now; undefined when nothing of it is new. */
const refreshed = (world: World, pending: HealthPending): UpdateResult | undefined => {
  const leaderChecks = leaderHealth(world)
  const quorumChecks = liveMembers(world, pending.quorumChecks)
  const { mutes, lines } = checkMutes(pending.mutes, gatherHealth(world), world.now)
  const same = sameChecks(leaderChecks, pending.leaderChecks) && quorumChecks === pending.quorumChecks
  if (same && mutes === pending.mutes) return undefined
  return {
    _tag: 'Prepared',
    pendings: { health: { ...pending, quorumChecks, leaderChecks, mutes } },
    effects: lines.map((text) => ({ _tag: 'ClusterLog', channel: 'cluster', level: 'info', text })),
    afterCommit: [],
  }
}

/**
 * A new leader looks at once, and when what it finds is committed it tells the log how everything is. A monitor that
 * is alone waits for its tick and never tells; nor is anything looked at in a cluster that has just been made.
 *
 * Source: ceph src/mon/Monitor.cc Monitor::win_election.
 */
const onActive = (world: World, pending: HealthPending): UpdateResult | undefined => {
  if (world.monmap.ranks.length === 1) return undefined
  const report: readonly ServiceEffect[] = [{ _tag: 'LogOverallHealth' }]
  const isNew = world.committed.health.lastCommitted === 1n
  const found = isNew ? undefined : refreshed(world, pending)
  return found?._tag === 'Prepared'
    ? { ...found, afterCommit: report }
    : { _tag: 'Answered', effects: report }
}

export const healthService: PaxosService<'health'> = {
  name: 'health',
  initial: INITIAL_HEALTH_STATE,
  updateFromPaxos,
  createInitial: createPending,
  createPending,
  encodePending,
  preprocessQuery: () => ({ _tag: 'NeedsUpdate' }),
  prepareUpdate: (_world, pendings, request) => {
    const { message, session } = request
    if (message._tag !== 'MMonHealthChecks')
      return { _tag: 'Answered', effects: [{ _tag: 'NoReply', request }] }
    const { health } = pendings
    const rank = Number(session.num)
    return prepared({ ...health, quorumChecks: withEntry(health.quorumChecks, rank, message.healthChecks) })
  },
  commands: new Map([
    ['health mute', healthMute],
    ['health unmute', healthUnmute],
  ]),
  tick: (world, pendings) => refreshed(world, pendings.health),
  onActive: (world, pendings) => onActive(world, pendings.health),
}
