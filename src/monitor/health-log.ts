/**
 * Health in the cluster log: the leader writes what its proposals change, and at regular times how everything is.
 *
 * Source: ceph src/mon/Monitor.cc Monitor::log_health, do_health_to_clog, health_interval_start; options
 *         mon_health_to_clog, mon_health_to_clog_interval, mon_health_log_update_period.
 */
import { storedHealth, gatherHealth, healthOf } from '../service/health/gather.ts'
import {
  HEALTHY_AGAIN,
  type Logged,
  type LoggedChecks,
  logChange,
  logDelayed,
  type LogLine,
  logOverall,
  type LogTime,
} from '../service/health/log.ts'
import { SERVICE_ORDER } from '../service/contract.ts'
import { type Op, transactionOf } from '../store/transaction.ts'
import type { StoreView } from '../store/view.ts'
import { clusterLog } from './cluster-log.ts'
import type { Turn } from './turn.ts'
import { optionsOf, worldOf } from './world.ts'

export interface HealthLogState {
  readonly checks: LoggedChecks
  /** What was last told of all; undefined when nothing was. */
  readonly overall: string | undefined
}

export const NO_HEALTH_LOG: HealthLogState = { checks: new Map(), overall: undefined }

const write = (turn: Turn, lines: readonly LogLine[]): void => {
  for (const { level, text } of lines) clusterLog(turn, 'cluster', level, text)
}

const writeLogged = (turn: Turn, { lines, logged }: Logged): void => {
  turn.update({ healthLog: { ...turn.state.healthLog, checks: logged } })
  write(turn, lines)
}

const logTime = (turn: Turn): LogTime => ({
  now: turn.now,
  periodMs: optionsOf(turn.state).ms('mon_health_log_update_period'),
})

/** A proposal of these operations is about to be made. Each service's checks are written with its map. */
export const logProposedHealth = (turn: Turn, ops: readonly Op[]): void => {
  const { store } = turn.state
  const changes = ops.filter((op) => isHealthChange(store, op))
  if (changes.length === 0 || !optionsOf(turn.state).bool('mon_health_to_clog')) return
  const proposed = store.apply(transactionOf(changes))
  for (const name of SERVICE_ORDER)
    writeLogged(
      turn,
      logChange(
        turn.state.healthLog.checks,
        storedHealth(store, name),
        storedHealth(proposed, name),
        logTime(turn),
      ),
    )
  if (gatherHealth({ store }).size > 0 && gatherHealth({ store: proposed }).size === 0)
    write(turn, [HEALTHY_AGAIN])
}

// Most proposals leave health as it is, to the byte.
const isHealthChange = (store: StoreView, op: Op): boolean =>
  op.type === 'put' && op.prefix === 'health' && store.get('health', op.key)?.equals(op.value) !== true

/** What was held back because it came too soon. On the leader, every mon_tick_interval. */
export const logDelayedHealth = (turn: Turn): void => {
  const { healthLog, store } = turn.state
  if (healthLog.checks.size > 0)
    writeLogged(turn, logDelayed(healthLog.checks, gatherHealth({ store }), logTime(turn)))
}

/** How everything is, now and at the next multiple of the interval. */
export const logOverallHealth = (turn: Turn): void => {
  if (overallIntervalMs(turn) <= 0) return
  const { healthLog } = turn.state
  const detail = optionsOf(turn.state).bool('mon_health_detail_to_clog')
  const { lines, summary } = logOverall(healthOf(worldOf(turn)), turn.now, healthLog.overall, detail)
  turn.update({ healthLog: { ...healthLog, overall: summary } })
  write(turn, lines)
  scheduleOverallHealth(turn)
}

/** Sets the timer of the next report as the options want it now; without an interval there is none. */
export const scheduleOverallHealth = (turn: Turn): void => {
  const intervalMs = overallIntervalMs(turn)
  turn.emit(
    intervalMs <= 0
      ? { _tag: 'StopTimer', timer: 'overallHealth' }
      : { _tag: 'StartTimer', timer: 'overallHealth', ms: intervalMs - (turn.now % intervalMs) },
  )
}

const overallIntervalMs = ({ state }: Turn): number => {
  const options = optionsOf(state)
  return options.bool('mon_health_to_clog') ? options.ms('mon_health_to_clog_interval') : 0
}
