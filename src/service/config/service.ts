/**
 * ConfigMonitor: the cluster's configuration database. Its data lies in the config-key store and is written by the
 * kv service; the service's own versions carry none.
 *
 * Keys: mon_config_key/config/KEY = value; mon_config_key/config-history/… (see changeset.ts).
 * Source: ceph src/mon/ConfigMonitor.cc.
 */
import type { Op } from '../../store/transaction.ts'
import type { PaxosService, ServicePendings, UpdateResult, World } from '../contract.ts'
import { putLastCommitted } from '../encode.ts'
import { configAssimilateConf } from './command/assimilate-conf.ts'
import { configDump } from './command/dump.ts'
import { configGenerateMinimalConf } from './command/generate-minimal-conf.ts'
import { configGet } from './command/get.ts'
import { configHelp } from './command/help.ts'
import { configLog } from './command/log.ts'
import { configLs } from './command/ls.ts'
import { configReset } from './command/reset.ts'
import { configRm } from './command/rm.ts'
import { configSet } from './command/set.ts'
import { isChangedSince } from '../kv/changed.ts'
import { CONFIG_PREFIX, loadConfig } from './load.ts'
import { pendingsWith } from './prepare.ts'
import { INITIAL_CONFIG_STATE, type ConfigPending, type ConfigState } from './state.ts'
import { answerGetConfig, subscribeConfig } from './subscribe.ts'

const VERSIONS_KEPT = 5n

const updateFromPaxos = (world: World, state: ConfigState): ConfigState => {
  const { store } = world
  const lastCommitted = store.u64('config', 'last_committed')
  const firstCommitted = store.u64('config', 'first_committed')
  if (lastCommitted !== state.lastCommitted)
    return {
      firstCommitted,
      lastCommitted,
      previousMap: state.isReread ? undefined : state.map,
      isReread: false,
      ...loadConfig(world),
    }
  // Somebody may have written our keys through `config-key`: the original reads everything again after every commit.
  // This service is refreshed before kv, whose committed state is still that of the last time.
  if (isChangedSince(store, CONFIG_PREFIX, world.committed.kv.lastCommitted))
    return { ...state, firstCommitted, isReread: true, ...loadConfig(world) }
  return firstCommitted === state.firstCommitted ? state : { ...state, firstCommitted }
}

const encodePending = (world: World): readonly Op[] =>
  putLastCommitted(world, 'config', world.committed.config.lastCommitted + 1n)

const NOTHING_PENDING: ConfigPending = { changes: new Map(), description: '' }

const repair = (world: World, pendings: ServicePendings): UpdateResult | undefined => {
  const { cleanup } = world.committed.config
  if (cleanup.size === 0 || pendings.config.changes.size > 0) return undefined
  const changed = pendingsWith(world, pendings, cleanup, '')
  return changed === undefined
    ? undefined
    : { _tag: 'Prepared', pendings: changed, effects: [], afterCommit: [] }
}

export const configService: PaxosService<'config'> = {
  name: 'config',
  initial: INITIAL_CONFIG_STATE,
  updateFromPaxos,
  createInitial: () => NOTHING_PENDING,
  createPending: () => NOTHING_PENDING,
  encodePending,
  preprocessQuery: (world, request) =>
    request.message._tag === 'MGetConfig'
      ? answerGetConfig(world, request, request.message)
      : { _tag: 'Answered', effects: [{ _tag: 'NoReply', request }] },
  prepareUpdate: (_world, _pendings, request) => ({
    _tag: 'Answered',
    effects: [{ _tag: 'NoReply', request }],
  }),
  commands: new Map([
    ['config set', configSet],
    ['config rm', configRm],
    ['config get', configGet],
    ['config dump', configDump],
    ['config help', configHelp],
    ['config ls', configLs],
    ['config log', configLog],
    ['config reset', configReset],
    ['config assimilate-conf', configAssimilateConf],
    ['config generate-minimal-conf', configGenerateMinimalConf],
  ]),
  tick: repair,
  trimTo: ({ committed }) =>
    committed.config.lastCommitted > VERSIONS_KEPT ? committed.config.lastCommitted - VERSIONS_KEPT : 0n,
  subscriptions: ['config'],
  subscribe: subscribeConfig,
}
