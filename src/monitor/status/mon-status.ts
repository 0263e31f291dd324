/** `mon_status` and `quorum_status`. Source: ceph src/mon/Monitor.cc get_mon_status, _quorum_status. */
import type { Json, JsonRecord } from '../../base/json.ts'
import { byBytes, byNumber, sortedEntries } from '../../base/ordered.ts'
import { addrvecJson } from '../../codec/type/entity-addr-json.ts'
import { entityTypeName } from '../../codec/type/entity-name.ts'
import { printAddrvec } from '../../codec/type/entity-addr.ts'
import { printUtime, utimeOfMs } from '../../codec/type/utime.ts'
import type { FeatureMap } from '../../map/feature-map.ts'
import { MON_REQUIRED_FEATURES, releaseOfFeatures } from '../../map/feature.ts'
import { releaseName } from '../../map/release.ts'
import { monFeatureNames } from '../../map/mon-map/mon-feature.ts'
import { requiredMonFeatures } from '../../map/mon-map/edit.ts'
import { monMapJson } from '../../map/mon-map/print.ts'
import { featureMapOf } from '../feature-map.ts'
import type { MonitorState } from '../state.ts'

/** Whole seconds since the quorum formed. */
export const quorumAgeSeconds = (state: MonitorState, now: number): number =>
  Math.max(0, Math.floor((now - state.quorum.sinceMs) / 1000))

export const quorumNames = (state: MonitorState): readonly string[] =>
  state.quorum.ranks.map((rank) => state.monmap.ranks[rank] ?? '')

const quorumAge = (state: MonitorState, now: number): JsonRecord =>
  state.quorum.ranks.length === 0 ? {} : { quorum_age: quorumAgeSeconds(state, now) }

export const quorumStatusJson = (state: MonitorState, now: number): JsonRecord => ({
  election_epoch: state.election.epoch,
  quorum: state.quorum.ranks,
  quorum_names: quorumNames(state),
  quorum_leader_name: state.quorum.ranks.length === 0 ? '' : (state.monmap.ranks[state.quorum.leader] ?? ''),
  ...quorumAge(state, now),
  features: {
    quorum_con: state.quorum.conFeatures.toString(),
    quorum_mon: monFeatureNames(state.quorum.monFeatures),
  },
  monmap: monMapJson(state.monmap),
})

export const monStatusJson = (state: MonitorState, now: number): JsonRecord => ({
  name: state.config.name,
  rank: state.rank,
  state: state.phase,
  election_epoch: state.election.epoch,
  quorum: state.quorum.ranks,
  ...quorumAge(state, now),
  features: {
    required_con: MON_REQUIRED_FEATURES.toString(),
    required_mon: monFeatureNames(requiredMonFeatures(state.monmap)),
    quorum_con: state.quorum.conFeatures.toString(),
    quorum_mon: monFeatureNames(state.quorum.monFeatures),
  },
  outside_quorum: [...state.outsideQuorum].sort(byBytes),
  extra_probe_peers: [...state.extraProbePeers.values()].map(addrvecJson),
  sync_provider: [...state.sync.providers].map(([cookie, provider]) => ({
    cookie,
    timeout: printUtime(utimeOfMs(provider.timeoutMs)),
    last_committed: provider.lastCommitted,
  })),
  ...syncJson(state),
  monmap: monMapJson(state.monmap),
  feature_map: featureMapJson(featureMapOf(state)),
  stretch_mode: state.monmap.stretchModeEnabled,
})

const syncJson = ({ phase, sync }: MonitorState): JsonRecord =>
  phase !== 'synchronizing' || sync.requester === undefined
    ? {}
    : {
        sync: {
          sync_provider: printAddrvec(sync.requester.provider),
          sync_cookie: sync.requester.cookie,
          sync_start_version: sync.requester.startVersion,
        },
      }

/** Type → what features its sessions have. Source: ceph src/mon/mon_types.h FeatureMap::dump. */
export const featureMapJson = (map: FeatureMap): ReadonlyMap<string, Json> =>
  new Map(
    sortedEntries(map, byNumber).map(([type, counts]) => [
      entityTypeName(type),
      [...counts].map(([features, num]) => ({
        features: `0x${features.toString(16)}`,
        release: releaseName(releaseOfFeatures(features)),
        num,
      })),
    ]),
  )
