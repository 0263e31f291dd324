/** The monitor's state as its services see it. */
import type { OptionsView } from '../config/view.ts'
import type { World } from '../service/contract.ts'
import type { MonitorState } from './state.ts'
import type { Turn } from './turn.ts'

/** Options in force: the process's own, under what the cluster's configuration database says. */
export const optionsOf = (state: MonitorState): OptionsView => state.config.options

export const worldOf = (turn: Turn): World => {
  const { state } = turn
  const { config, services } = state
  return {
    now: turn.now,
    entropy: turn.entropy,
    options: optionsOf(state),
    store: state.store,
    fsid: config.fsid,
    self: { name: config.name, rank: state.rank, isLeader: state.phase === 'leader', addrs: config.addrs },
    quorum: state.quorum,
    committed: services,
    monmap: state.monmap,
    monKeyring: config.keyring,
    globalIds: state.globalIds,
    // Hardly anybody looks at them, and there may be thousands.
    sessions: { [Symbol.iterator]: () => state.sessions.values() },
    disk: state.disk,
    clocks: state.timecheck,
  }
}
