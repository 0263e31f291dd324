/**
 * Options of the cluster log that may differ by channel: `default=/a/$channel.log cluster=/b.log`, or one value for
 * all channels.
 *
 * Source: ceph src/mon/LogMonitor.cc LogMonitor::update_log_channels; src/common/str_map.cc get_conf_str_map_helper.
 */
import type { LogLevel } from '../contract.ts'

const DEFAULT_CHANNEL = 'default'
const CHANNEL_VARIABLE = '$channel'

/** What `setting` says for `channel`; empty when nothing. */
export const channelSetting = (setting: string, channel: string): string => {
  const words = setting.split(/[,;\s]+/).filter((word) => word !== '')
  const [only = ''] = words
  const values: ReadonlyMap<string, string> =
    words.length === 1 && !only.includes('=')
      ? new Map([[DEFAULT_CHANNEL, only]])
      : new Map(words.map(splitWord))
  return (values.get(channel) ?? values.get(DEFAULT_CHANNEL) ?? '').replaceAll(CHANNEL_VARIABLE, channel)
}

const splitWord = (word: string): readonly [key: string, value: string] => {
  const at = word.indexOf('=')
  return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)]
}

// Syslog's severities: the lower, the graver.
const SEVERITY: { readonly [L in LogLevel]: number } = { sec: 2, error: 3, warn: 4, info: 6, debug: 7 }
const LEAST_SEVERITY: ReadonlyMap<string, number> = new Map([
  ['debug', 7],
  ['info', 6],
  ['notice', 6],
  ['warning', 4],
  ['warn', 4],
  ['error', 3],
  ['err', 3],
  ['crit', 2],
  ['critical', 2],
  ['emerg', 2],
])

/** Whether a line of `level` is written under the setting `least`; an unknown setting lets everything through. */
export const isLevelWritten = (level: LogLevel, least: string): boolean =>
  SEVERITY[level] <= (LEAST_SEVERITY.get(least.toLowerCase()) ?? SEVERITY.debug)
