/** One monitor of a simulation: its process, its disk and its connections. */
import assert from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
import type { EntityAddrvec } from '../../src/codec/type/entity-addr.ts'
import { Options } from '../../src/config/options.ts'
import type { TimerName } from '../../src/monitor/event.ts'
import { initialMonitor, loadMonmap } from '../../src/monitor/start.ts'
import type { MonitorState } from '../../src/monitor/state.ts'
import type { MonSender } from '../../src/node/mon-sender.ts'
import type { StoreView } from '../../src/store/view.ts'
import { FSID } from '../service/world.ts'
import type { SimulatedClient } from './simulated-client.ts'
import type { SimulatedDisk } from './simulated-disk.ts'
import { addrsOf } from './simulated-peer.ts'

export interface SimulatedMon {
  readonly index: number
  readonly name: string
  readonly addrs: EntityAddrvec
  up: boolean
  /** Counts starts: what was scheduled for an earlier life is void. */
  life: number
  state: MonitorState
  disk: SimulatedDisk
  readonly writeMsMax: number
  sender: MonSender
  /** Started timers; a number that counts up tells a replaced one. */
  timers: Map<TimerName, number>
  clients: Map<number, SimulatedClient>
  /** Index of a fellow monitor → the connection with it. */
  peers: Map<number, number>
  exited: string | undefined
}

/** The state of a process that has just read `store`. */
export const monitorOf = (
  name: string,
  index: number,
  store: StoreView,
  settings: { readonly options: Readonly<Record<string, string>>; readonly startedMs: number },
): MonitorState => {
  const monmap = loadMonmap(store)
  assert.ok(E.isRight(monmap))
  const identity = { cluster: 'ceph', type: 'mon', id: name, host: 'h', pid: 1, home: '/' }
  const { options, errors } = Options.of(identity).withAll('override', Object.entries(settings.options))
  assert.deepEqual(errors, [])
  const config = {
    name,
    fsid: FSID,
    addrs: addrsOf(index),
    options,
    keyring: new Map(),
    metadata: new Map([['hostname', 'h']]),
    startedMs: settings.startedMs,
    trace: options.string('monclave_trace') !== '',
  }
  return initialMonitor(config, store, monmap.right)
}
