/** What stands ready when a monitor starts, and what there is once it runs: between the command line and the runtime. */
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { KeyMap } from '../auth/entity-auth.ts'
import type { EntityAddrvec } from '../codec/type/entity-addr.ts'
import type { Options } from '../config/options.ts'
import type { MonMap } from '../map/mon-map/mon-map.ts'
import type { Kv } from '../store/kv.ts'
import type { StoreView } from '../store/view.ts'
import type { Logger } from './logger.ts'

export interface MonitorSetup {
  readonly options: Options
  /** Open, and closed by the runtime when the monitor ends. */
  readonly kv: Kv
  /** What it holds. */
  readonly store: StoreView
  readonly monmap: MonMap
  /** Where others reach this monitor. */
  readonly addrs: EntityAddrvec
  /** Where it listens; the same unless public_bind_addr says otherwise. */
  readonly bindAddrs: EntityAddrvec
  /** The data folder's keyring. */
  readonly keyring: KeyMap
  readonly metadata: ReadonlyMap<string, string>
  readonly logger: Logger
}

export interface RunningMonitor {
  /** Asks it to end; `ended` tells when it has. */
  readonly shutdown: () => void
  readonly ended: Promise<{ readonly code: number; readonly reason: string }>
}

/** The task ends when the monitor listens. Errors: a sentence for the operator. */
export type StartMonitor = (setup: MonitorSetup) => TE.TaskEither<string, RunningMonitor>
