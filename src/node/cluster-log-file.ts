/**
 * The cluster log's files, one or more by channel. Lines of one turn are written together and in order; a file that
 * cannot be written costs its lines and nothing else.
 *
 * Limits: QUEUED_BYTES_MAX wait for a slow disk; what comes then is dropped and counted.
 * Source: ceph src/mon/LogMonitor.cc LogMonitor::update_from_paxos.
 */
import { appendFile } from 'node:fs/promises'
import type { OptionsView } from '../config/view.ts'
import type { LogLevel } from '../service/contract.ts'
import { oneLine } from '../base/text.ts'
import { channelSetting, isLevelWritten } from '../service/log/channel-setting.ts'

import { LINE_CHARS_MAX } from './logger.ts'

export const QUEUED_BYTES_MAX = 16 << 20
// The log may tell who did what: only the daemon's user reads it.
const MODE = 0o600

export interface ClusterLogLine {
  readonly channel: string
  readonly level: LogLevel
  readonly line: string
}

export class ClusterLogFile {
  private readonly options: () => OptionsView
  private readonly complain: (text: string) => void
  private queued = new Map<string, string>()
  private queuedBytes = 0
  private droppedCount = 0
  private writing: Promise<void> | undefined

  constructor(options: () => OptionsView, complain: (text: string) => void) {
    this.options = options
    this.complain = complain
  }

  /** Queues one line, cut and escaped as in a monitor's own log, for the file of its channel, unless the options say otherwise. */
  write({ channel, level, line }: ClusterLogLine): void {
    const options = this.options()
    const path = channelSetting(options.string('mon_cluster_log_file'), channel)
    const least = channelSetting(options.string('mon_cluster_log_file_level'), channel)
    if (path === '' || !options.bool('mon_cluster_log_to_file') || !isLevelWritten(level, least)) return
    const text = `${oneLine(line, LINE_CHARS_MAX)}\n`
    if (this.queuedBytes + text.length > QUEUED_BYTES_MAX) {
      this.droppedCount += 1
      return
    }
    this.queuedBytes += text.length
    this.queued.set(path, (this.queued.get(path) ?? '') + text)
    this.writing ??= this.drain()
  }

  /** Done when everything queued so far is in its file. */
  async close(): Promise<void> {
    await this.writing
  }

  private async drain(): Promise<void> {
    // What else this turn brings goes along.
    await Promise.resolve()
    while (this.queued.size > 0) {
      const batch = this.queued
      this.queued = new Map()
      this.queuedBytes = 0
      for (const [path, text] of batch) await this.append(path, text)
      if (this.droppedCount > 0) this.complain(`${this.droppedCount} lines of the cluster log dropped`)
      this.droppedCount = 0
    }
    this.writing = undefined
  }

  private async append(path: string, text: string): Promise<void> {
    try {
      await appendFile(path, text, { mode: MODE })
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      this.complain(`cluster log file '${path}' cannot be written: ${why}`)
    }
  }
}
