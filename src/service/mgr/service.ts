/**
 * MgrMonitor: which manager daemon is active, and what it offers.
 *
 * Keys: mgr/N = MgrMap; mgr/ever_had_active_mgr = 1 once there was one; mgr_command_descs/"" = vector of MonCommand; mgr_metadata/NAME = map string → string.
 * Source: ceph src/mon/MgrMonitor.cc.
 */
import * as E from 'fp-ts/lib/Either.js'
import { invariant } from '../../base/assert.ts'
import { decodeFrom } from '../../codec/reader.ts'
import { encoded } from '../../codec/writer.ts'
import { decodeMgrMap, initialMgrMap, mgrMapBytes } from '../../map/mgr-map/mgr-map.ts'
import { decodeMonCommand, encodeMonCommand, type MonCommand } from '../../map/mon-command.ts'
import { put, putU64, type Op } from '../../store/transaction.ts'
import type { StoreView } from '../../store/view.ts'
import { MGR_COMMAND_TABLE } from '../command-table.ts'
import type { PaxosService, UpdateResult, World } from '../contract.ts'
import { putHealth, putVersion } from '../encode.ts'
import { mgrCountMetadata, mgrMetadata, mgrVersions } from './command/metadata.ts'
import { mgrDump } from './command/dump.ts'
import { mgrFail } from './command/fail.ts'
import { mgrModuleDisable, mgrModuleEnable } from './command/module.ts'
import { mgrModuleLs } from './command/module-ls.ts'
import { mgrServices, mgrStat } from './command/stat.ts'
import { storedHealth } from '../health/gather.ts'
import { mgrHealth } from './health.ts'
import { INITIAL_MGR_STATE, type MgrPending, type MgrState } from './state.ts'
import { printMgrSummary } from './summary.ts'
import { NO_MESSAGES } from '../no-messages.ts'

const COMMAND_DESCS = 'mgr_command_descs'
const METADATA = 'mgr_metadata'
const EVER_HAD_ACTIVE = 'ever_had_active_mgr'

const readCommandDescs = (store: StoreView): readonly MonCommand[] => {
  const bytes = store.get(COMMAND_DESCS, '')
  const decoded = bytes === undefined ? undefined : decodeFrom((r) => r.array(decodeMonCommand), bytes)
  return decoded !== undefined && E.isRight(decoded) ? decoded.right : MGR_COMMAND_TABLE
}

const readMetadata = (store: StoreView): MgrState['metadata'] =>
  new Map(
    [...store.range(METADATA)].flatMap(([name, bytes]) => {
      const fields = decodeFrom((r) => r.map(r.string, r.string), bytes)
      return E.isRight(fields) ? [[name, fields.right] as const] : []
    }),
  )

const updateFromPaxos = ({ store, now }: World, state: MgrState): MgrState => {
  const lastCommitted = store.u64('mgr', 'last_committed')
  if (lastCommitted === state.lastCommitted) return state
  const bytes = store.get('mgr', lastCommitted.toString())
  invariant(bytes !== undefined, `mgrmap ${lastCommitted} is committed and not in the store`)
  const map = decodeFrom(decodeMgrMap, bytes)
  invariant(E.isRight(map), `mgrmap ${lastCommitted} in the store cannot be decoded`)
  return {
    firstCommitted: store.u64('mgr', 'first_committed'),
    lastCommitted,
    map: map.right,
    commandDescs: readCommandDescs(store),
    everHadActive: store.u64('mgr', EVER_HAD_ACTIVE) !== 0n,
    inactiveSinceMs: map.right.available ? undefined : now,
    metadata: readMetadata(store),
  }
}

const createInitial = ({ options }: World): MgrPending => ({
  map: initialMgrMap(
    options
      .string('mgr_initial_modules')
      .split(/[\s,]+/)
      .filter((name) => name !== ''),
  ),
  commandDescs: MGR_COMMAND_TABLE,
})

const createPending = ({ committed }: World): MgrPending => ({
  map: { ...committed.mgr.map, epoch: committed.mgr.map.epoch + 1 },
  commandDescs: undefined,
})

const encodePending = (world: World, pending: MgrPending): readonly Op[] => {
  const { commandDescs } = pending
  return [
    ...putVersion(world, 'mgr', BigInt(pending.map.epoch), mgrMapBytes(pending.map)),
    ...(pending.map.activeGid === 0n ? [] : [putU64('mgr', EVER_HAD_ACTIVE, 1n)]),
    putHealth('mgr', mgrHealth(world, pending)),
    ...(commandDescs === undefined
      ? []
      : [
          put(
            COMMAND_DESCS,
            '',
            encoded((w) => w.array(commandDescs, encodeMonCommand)),
          ),
        ]),
  ]
}

/** A manager that has never come is missed when its time is over. */
const tick = (world: World, pending: MgrPending): UpdateResult | undefined => {
  const { map, everHadActive } = world.committed.mgr
  if (map.available || everHadActive || storedHealth(world.store, 'mgr').size > 0) return undefined
  return mgrHealth(world, pending).size === 0
    ? undefined
    : { _tag: 'Prepared', pendings: { mgr: pending }, effects: [], afterCommit: [] }
}

export const mgrService: PaxosService<'mgr'> = {
  name: 'mgr',
  initial: INITIAL_MGR_STATE,
  updateFromPaxos,
  createInitial,
  createPending,
  encodePending,
  ...NO_MESSAGES,
  commands: new Map([
    ['mgr stat', mgrStat],
    ['mgr dump', mgrDump],
    ['mgr services', mgrServices],
    ['mgr module ls', mgrModuleLs],
    ['mgr module enable', mgrModuleEnable],
    ['mgr module disable', mgrModuleDisable],
    ['mgr fail', mgrFail],
    ['mgr metadata', mgrMetadata],
    ['mgr versions', mgrVersions],
    ['mgr count-metadata', mgrCountMetadata],
  ]),
  tick: (world, pendings) => tick(world, pendings.mgr),
  describe: ({ committed, now }) => {
    const { map } = committed.mgr
    return `mgrmap e${map.epoch}: ${printMgrSummary(map, now)}`
  },
  subscriptions: ['mgrmap'],
  subscribe: (world, _session, { start }) => {
    const { map } = world.committed.mgr
    return map.epoch === 0 || BigInt(map.epoch) < start
      ? undefined
      : { messages: [{ _tag: 'MMgrMap', map }], next: BigInt(map.epoch) + 1n }
  },
  trimTo: ({ committed, options }) => {
    const keep = BigInt(options.int('mon_max_mgrmap_epochs'))
    const { lastCommitted } = committed.mgr
    return lastCommitted > keep ? lastCommitted - keep : 0n
  },
}
