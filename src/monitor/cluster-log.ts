/**
 * This monitor's own lines for the cluster log. They are kept for a second and then handed to the log service
 * together, as a client's MLog would be; a peon's go to the leader.
 *
 * Limits: LOG_QUEUE_MAX lines are kept; the ones that come then are counted and dropped.
 * Source: ceph src/common/LogClient.cc; option mon_client_log_interval.
 */
import { EMPTY_FIFO, itemsOf, pushed } from '../base/fifo.ts'
import { ENTITY_TYPE } from '../codec/type/entity-name.ts'
import { utimeOfMs } from '../codec/type/utime.ts'
import { FEATURES_ALL } from '../map/feature.ts'
import type { LogEntry } from '../map/log-entry.ts'
import { BLANK_ADDR } from '../codec/type/entity-addr.ts'
import { ALLOW_ALL } from '../auth/mon-cap.ts'
import type { LogLevel, Session } from '../service/contract.ts'
import type { MonitorState } from './state.ts'
import type { Turn } from './turn.ts'

export const LOG_QUEUE_MAX = 10_000
/** Number of the session through which this monitor talks to its own services. */
export const SELF_SESSION = -1

const PRIO = { debug: 0, info: 1, sec: 2, warn: 3, error: 4 } as const

export const clusterLog = (turn: Turn, channel: 'cluster' | 'audit', level: LogLevel, text: string): void => {
  const { state } = turn
  if (state.logQueue.length >= LOG_QUEUE_MAX) return
  const seq = state.clusterLogSeq + 1n
  const entry: LogEntry = {
    name: { type: ENTITY_TYPE.mon, id: state.config.name },
    rank: { type: ENTITY_TYPE.mon, num: BigInt(state.rank) },
    addrs: state.config.addrs,
    stamp: utimeOfMs(turn.now),
    seq,
    prio: PRIO[level],
    msg: text,
    channel,
  }
  if (state.logQueue.length === 0)
    turn.emit({ _tag: 'StartTimer', timer: 'log', ms: state.config.options.ms('mon_client_log_interval') })
  turn.update({ clusterLogSeq: seq, logQueue: pushed(state.logQueue, entry) })
}

/** The second is over: one MLog with everything. */
export const flushClusterLog = (turn: Turn): void => {
  const { state } = turn
  if (state.logQueue.length === 0) return
  turn.update({ logQueue: EMPTY_FIFO })
  turn.defer({
    _tag: 'Dispatch',
    request: {
      session: selfSession(state),
      tid: 0n,
      command: undefined,
      message: { _tag: 'MLog', version: 0n, fsid: state.config.fsid, entries: itemsOf(state.logQueue) },
    },
  })
}

/** The monitor as a client of itself. */
export const selfSession = ({ config, rank }: MonitorState): Session => ({
  id: SELF_SESSION,
  peerType: ENTITY_TYPE.mon,
  num: BigInt(rank),
  identity: {
    entityName: { type: ENTITY_TYPE.mon, id: '' },
    globalId: 0n,
    globalIdStatus: 'NONE',
    caps: ALLOW_ALL,
  },
  addrs: config.addrs,
  socketAddr: BLANK_ADDR,
  features: FEATURES_ALL,
  isRouted: false,
})
