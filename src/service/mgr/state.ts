/** Committed state and pending change of the mgr service. */
import { EMPTY_MGR_MAP, type MgrMap } from '../../map/mgr-map/mgr-map.ts'
import type { MonCommand } from '../../map/mon-command.ts'
import type { Committed } from '../committed.ts'
import { MGR_COMMAND_TABLE } from '../command-table.ts'

export interface MgrState extends Committed {
  readonly map: MgrMap
  /** Commands of the active manager; of a new cluster, those that every manager has. */
  readonly commandDescs: readonly MonCommand[]
  /** Whether this cluster has ever had an active manager. */
  readonly everHadActive: boolean
  /** When this monitor saw a map without an available manager, ms since 1970; undefined while there is one. */
  readonly inactiveSinceMs: number | undefined
  /** Daemon name → what it said about itself. */
  readonly metadata: ReadonlyMap<string, ReadonlyMap<string, string>>
}

export interface MgrPending {
  readonly map: MgrMap
  /** Set when the command descriptions are to be written. */
  readonly commandDescs: readonly MonCommand[] | undefined
}

export const INITIAL_MGR_STATE: MgrState = {
  firstCommitted: 0n,
  lastCommitted: 0n,
  map: EMPTY_MGR_MAP,
  commandDescs: MGR_COMMAND_TABLE,
  everHadActive: false,
  inactiveSinceMs: undefined,
  metadata: new Map(),
}
