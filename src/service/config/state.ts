/** Committed state and pending change of the config service. */
import type { Committed } from '../committed.ts'
import { EMPTY_CONFIG_MAP, type ConfigMap } from './config-map.ts'

/** Key below `config/` (`osd/class:ssd/NAME`) to its new value, undefined to remove it. */
export type ConfigChanges = ReadonlyMap<string, string | undefined>

export interface ConfigState extends Committed {
  readonly map: ConfigMap
  /** What every session of the version before was told, so that it hears only of what concerns it; undefined: all differ. */
  readonly previousMap: ConfigMap | undefined
  /** The map was read again within its version, since somebody wrote its keys through `config-key`. */
  readonly isReread: boolean
  /** Keys below `config/` and their values, as they are in the store. */
  readonly current: ReadonlyMap<string, string>
  /** What the tick puts right: keys that name nothing, or what an older release called otherwise. */
  readonly cleanup: ConfigChanges
}

/** A version holds the changes of one command. */
export interface ConfigPending {
  readonly changes: ConfigChanges
  readonly description: string
}

export const INITIAL_CONFIG_STATE: ConfigState = {
  firstCommitted: 0n,
  lastCommitted: 0n,
  map: EMPTY_CONFIG_MAP,
  previousMap: EMPTY_CONFIG_MAP,
  isReread: false,
  current: new Map(),
  cleanup: new Map(),
}
