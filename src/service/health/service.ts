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
import { compareUtime, utimeOfMs } from '../../codec/type/utime.ts'
import {
  decodeHealthCheckMap,
  encodeHealthCheckMap,
  type HealthCheckMap,
  type HealthMute,
  NO_HEALTH_CHECKS,
} from '../../map/health.ts'
import { put, type Op } from '../../store/transaction.ts'
import type { PaxosService, UpdateResult, World } from '../contract.ts'
import { putHealth, putLastCommitted } from '../encode.ts'
import { leaderHealth } from './checks.ts'
import { decodeMutes, decodeQuorumChecks, encodeMutes, encodeQuorumChecks, sameChecks } from './codec.ts'
import { healthMute, healthUnmute } from './command/mute.ts'
import { gatherHealth } from './gather.ts'
import { memberHealth, quorumHealth } from './member.ts'
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

/** Mutes whose time is over, whose check has cleared, or has become worse, go. Source: HealthMonitor::check_mutes. */
const liveMutes = (world: World, mutes: ReadonlyMap<string, HealthMute>): ReadonlyMap<string, HealthMute> => {
  const checks = gatherHealth(world)
  const now = utimeOfMs(world.now)
  let live = mutes
  for (const [code, mute] of mutes) {
    const count = checks.get(code)?.count
    const expired = mute.ttl.sec !== 0 && compareUtime(mute.ttl, now) <= 0
    if (expired || (!mute.sticky && (count === undefined || count > mute.count)))
      live = withoutEntry(live, code)
    else if (!mute.sticky && count !== undefined && count < mute.count)
      live = withEntry(live, code, { ...mute, count })
  }
  return live
}

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

const refreshed = (world: World, pending: HealthPending): UpdateResult | undefined => {
  const leaderChecks = leaderHealth(world)
  const quorumChecks = liveMembers(world, pending.quorumChecks)
  const mutes = liveMutes(world, pending.mutes)
  const same = sameChecks(leaderChecks, pending.leaderChecks) && quorumChecks === pending.quorumChecks
  return same && mutes === pending.mutes
    ? undefined
    : prepared({ ...pending, quorumChecks, leaderChecks, mutes })
}

export const healthService: PaxosService<'health'> = {
  name: 'health',
  initial: INITIAL_HEALTH_STATE,
  updateFromPaxos,
  createInitial: (world) => ({ ...createPending(world), leaderChecks: leaderHealth(world) }),
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
  onActive: (world, pendings) => refreshed(world, pendings.health),
}
