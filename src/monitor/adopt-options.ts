/** Options in force from now on. What an old value has set up for later is set up anew. */
import type { Options } from '../config/options.ts'
import { scheduleOverallHealth } from './health-log.ts'
import type { Turn } from './turn.ts'

export const adoptOptions = (turn: Turn, options: Options): void => {
  const { config, healthLog } = turn.state
  turn.update({ config: { ...config, options } })
  const isChanged = HEALTH_LOG_OPTIONS.some((name) => config.options.text(name) !== options.text(name))
  if (isChanged && healthLog.overall !== undefined) scheduleOverallHealth(turn)
}

const HEALTH_LOG_OPTIONS = ['mon_health_to_clog', 'mon_health_to_clog_interval']
