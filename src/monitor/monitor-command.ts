/** Commands that the monitor answers itself, from what it has. Source: ceph src/mon/Monitor.cc handle_command. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { type Json, jsonFloat } from '../base/json.ts'
import { byBytes, byNumber, sortedEntries } from '../base/ordered.ts'
import { crc32c } from '../codec/crc32c.ts'
import { printUtime, utimeOfMs } from '../codec/type/utime.ts'
import { uuidOfBytes, UUID_ZERO } from '../codec/type/uuid.ts'
import { decodeFrom } from '../codec/reader.ts'
import { decodeFeatureMap, mergeFeatureMaps } from '../map/feature-map.ts'
import { monMapJson } from '../map/mon-map/print.ts'
import { CephString, CephStrings, decodeArgs } from '../service/args.ts'
import type { Command, CommandReply } from '../service/contract.ts'
import { ERRNO } from '../service/errno.ts'
import { healthJson, printHealth, printHealthDetail } from '../service/health/status.ts'
import { dfJson, printDf } from '../service/mgrstat/df.ts'
import {
  done,
  failed,
  formatted,
  jsonOutput,
  output,
  prettyOutput,
  streamed,
  wantsJson,
} from '../service/reply.ts'
import { featureMapOf } from './feature-map.ts'
import { clusterStatusJson, printClusterStatus } from './status/cluster-status.ts'
import { healthOf } from '../service/health/gather.ts'
import { featureMapJson, quorumStatusJson, quorumNames } from './status/mon-status.ts'
import { countMons, monMetadataJson, monMetadataOf, nodesJson, versionsJson } from './status/versions.ts'
import type { Turn } from './turn.ts'
import { CEPH_VERSION, COMMIT } from './version.ts'
import { worldOf } from './world.ts'

type Handler = (turn: Turn, command: Command) => CommandReply

const withArgs =
  <A>(codec: t.Decoder<unknown, A>, run: (turn: Turn, command: Command, args: A) => CommandReply): Handler =>
  (turn, command) => {
    const args = decodeArgs(codec, command)
    return E.isLeft(args) ? args.left : run(turn, command, args.right)
  }

const throughStream =
  (handler: Handler): Handler =>
  (turn, command) =>
    streamed(handler(turn, command))

const DetailArgs = t.partial({ detail: CephString })
const IdArgs = t.partial({ id: CephString })
const IdsArgs = t.type({ ids: CephStrings })
const TypeArgs = t.partial({ type: CephString })
const PropertyArgs = t.type({ property: CephString })

const status: Handler = (turn, command) => {
  const world = worldOf(turn)
  return wantsJson(command)
    ? streamed(jsonOutput(command, clusterStatusJson(turn.state, world)))
    : streamed(output(printClusterStatus(turn.state, world)))
}

const health = withArgs(DetailArgs, (turn, command, { detail }) => {
  const world = worldOf(turn)
  const value = healthOf(world)
  const wantsDetail = detail === 'detail'
  return formatted(
    command,
    () => ({ ...healthJson(value, wantsDetail) }),
    () => `${printHealth(value, world.now)}\n${wantsDetail ? printHealthDetail(value, world.now) : ''}`,
  )
})

const df = withArgs(DetailArgs, (turn, command, { detail }) => {
  const world = worldOf(turn)
  const verbose = detail === 'detail'
  return wantsJson(command)
    ? streamed(jsonOutput(command, dfJson(world, verbose)))
    : output(printDf(world, verbose))
})

const features: Handler = (turn, command) => {
  const { state } = turn
  const all = [...state.peerFeatureMaps.values()].reduce((map, bytes) => {
    const decoded = decodeFrom(decodeFeatureMap, bytes)
    return E.isRight(decoded) ? mergeFeatureMaps(map, decoded.right) : map
  }, featureMapOf(state))
  return prettyOutput(command, featureMapJson(all))
}

const monMetadata = withArgs(IdArgs, (turn, command, { id }) => {
  const world = worldOf(turn)
  if (id === undefined) return streamed(prettyOutput(command, monMetadataJson(world)))
  const found = monMetadataOf(world).find(([name]) => name === id)
  return found === undefined
    ? failed(ERRNO.ENOENT, 'requested mon not found')
    : streamed(prettyOutput(command, new Map(sortedEntries(found[1], byBytes))))
})

const timeSyncStatus: Handler = ({ state }, command) => {
  const { timecheck, monmap, election, config } = state
  const allowed = config.options.float('mon_clock_drift_allowed')
  const skews = sortedEntries(timecheck.skews, byNumber).map(([rank, skew]): readonly [string, Json] => [
    monmap.ranks[rank] ?? '',
    {
      skew: jsonFloat(skew),
      latency: jsonFloat(timecheck.latencies.get(rank) ?? 0),
      health: Math.abs(skew) > allowed ? 'HEALTH_WARN' : 'HEALTH_OK',
    },
  ])
  return prettyOutput(command, {
    ...(skews.length === 0 ? {} : { time_skew_status: new Map(skews) }),
    timechecks: {
      epoch: election.epoch,
      round: timecheck.roundNumber,
      round_status: timecheck.round === undefined ? 'finished' : 'on-going',
    },
  })
}

const minQuorum = (size: number): number => Math.floor(size / 2) + 1
const printNames = (names: readonly string[]): string => names.join(',')

const okToStop = withArgs(IdsArgs, ({ state }, _command, { ids }) => {
  const left = quorumNames(state).filter((name) => !ids.includes(name))
  return left.length < minQuorum(state.monmap.ranks.length)
    ? failed(
        ERRNO.EBUSY,
        `not enough monitors would be available (${printNames(left)}) after stopping mons [${printNames(ids)}]`,
      )
    : done(`quorum should be preserved (${printNames(left)}) after stopping [${printNames(ids)}]`)
})

const okToAddOffline: Handler = ({ state }) =>
  state.quorum.ranks.length < minQuorum(state.monmap.ranks.length + 1)
    ? failed(ERRNO.EBUSY, 'adding a monitor may break quorum (until that monitor starts)')
    : done('adding another mon that is not yet online will not break quorum')

const okToRm = withArgs(t.type({ id: CephString }), ({ state }, _command, { id }) => {
  const { monmap, quorum } = state
  const rank = monmap.ranks.indexOf(id)
  if (rank < 0) return done(`mon.${id} does not exist`)
  const breaks = quorum.ranks.includes(rank) && quorum.ranks.length - 1 < minQuorum(monmap.ranks.length - 1)
  return breaks
    ? failed(ERRNO.EBUSY, `removing mon.${id} would break quorum`)
    : done(`safe to remove mon.${id}`)
})

// What the original seeds the checksum of a report with: the old monitor port.
const REPORT_CRC_SEED = 6789

const report: Handler = (turn, command) => {
  const { state } = turn
  const world = worldOf(turn)
  const fingerprint = state.store.get('monitor', 'cluster_fingerprint')
  const { monmap, osdmap } = state.services
  const reply = prettyOutput(command, {
    cluster_fingerprint: fingerprint === undefined ? UUID_ZERO : uuidOfBytes(fingerprint),
    version: '16.2.15',
    commit: COMMIT,
    timestamp: printUtime(utimeOfMs(turn.now)),
    tag: '',
    health: healthJson(healthOf(world), true),
    monmap_first_committed: monmap.firstCommitted,
    monmap_last_committed: monmap.lastCommitted,
    monmap: monMapJson(state.monmap),
    quorum: state.quorum.ranks,
    osdmap_first_committed: osdmap.firstCommitted,
    osdmap_last_committed: osdmap.lastCommitted,
    paxos: {
      first_committed: state.paxos.stored.firstCommitted,
      last_committed: state.paxos.stored.lastCommitted,
      last_pn: state.paxos.stored.lastPn,
    },
  })
  return { ...reply, text: `report ${crc32c(REPORT_CRC_SEED, reply.data)}` }
}

export const MONITOR_COMMANDS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['status', status],
  ['health', health],
  ['df', df],
  [
    'fsid',
    ({ state }, command) =>
      formatted(
        command,
        () => ({ fsid: state.config.fsid }),
        () => `${state.config.fsid}\n`,
      ),
  ],
  [
    'quorum_status',
    throughStream(({ state, now }, command) => jsonOutput(command, quorumStatusJson(state, now))),
  ],
  ['features', features],
  [
    'version',
    throughStream((_turn, command) =>
      formatted(
        command,
        () => ({ version: CEPH_VERSION }),
        () => CEPH_VERSION,
      ),
    ),
  ],
  ['versions', (turn, command) => prettyOutput(command, versionsJson(worldOf(turn)))],
  [
    'node ls',
    withArgs(TypeArgs, (turn, command, { type = 'all' }) =>
      streamed(prettyOutput(command, nodesJson(worldOf(turn), type))),
    ),
  ],
  ['mon metadata', monMetadata],
  [
    'mon versions',
    (turn, command) => streamed(prettyOutput(command, countMons(worldOf(turn), 'ceph_version'))),
  ],
  [
    'mon count-metadata',
    withArgs(PropertyArgs, (turn, command, { property }) =>
      streamed(prettyOutput(command, countMons(worldOf(turn), property))),
    ),
  ],
  ['time-sync-status', timeSyncStatus],
  ['mon ok-to-stop', okToStop],
  ['mon ok-to-add-offline', okToAddOffline],
  ['mon ok-to-rm', okToRm],
  ['report', report],
])
