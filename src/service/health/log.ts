/**
 * What the cluster log says of health: checks that fail, change and clear, and now and then how everything is.
 *
 * Source: ceph src/mon/Monitor.cc Monitor::log_health, tick, do_health_to_clog.
 */
import { HEALTH, type HealthCheckMap } from '../../map/health.ts'
import type { LogLevel } from '../contract.ts'
import { type Health, overallHealth, printHealth, printHealthDetail } from './status.ts'

export interface LogLine {
  readonly level: LogLevel
  readonly text: string
}

/** What the log says of a check, and since when, ms since 1970. */
export interface LoggedCheck {
  readonly severity: number
  readonly summary: string
  readonly atMs: number
}

/** By code; a new leader has logged nothing. */
export type LoggedChecks = ReadonlyMap<string, LoggedCheck>

export interface Logged {
  readonly lines: readonly LogLine[]
  readonly logged: LoggedChecks
}

/** A check is not logged twice within `periodMs`, unless it has become better or worse. */
export interface LogTime {
  readonly now: number
  readonly periodMs: number
}

/** The level of a line about something of this severity. Source: LogChannel::health. */
export const levelOfSeverity = (severity: number): LogLevel =>
  severity === HEALTH.ERR ? 'error' : severity === HEALTH.WARN ? 'warn' : 'info'

/** A service's checks were `before` and are about to be `after`. Details are not told. */
export const logChange = (
  logged: LoggedChecks,
  before: HealthCheckMap,
  after: HealthCheckMap,
  { now, periodMs }: LogTime,
): Logged => {
  const lines: LogLine[] = []
  const next = new Map(logged)
  for (const [code, { severity, summary }] of after) {
    const old = before.get(code)
    if (old?.severity === severity && old.summary === summary) continue
    const last = logged.get(code)
    if (old?.severity === severity && last !== undefined && now - last.atMs < periodMs) continue
    const event = old === undefined ? 'failed' : 'update'
    lines.push({ level: levelOfSeverity(severity), text: `Health check ${event}: ${summary} (${code})` })
    next.set(code, { severity, summary, atMs: now })
  }
  for (const [code, { summary }] of before) {
    if (after.has(code)) continue
    lines.push({ level: 'info', text: clearedText(code, summary) })
    next.delete(code)
  }
  return { lines, logged: next }
}

const clearedText = (code: string, summary: string): string =>
  code === 'DEGRADED_OBJECTS'
    ? 'All degraded objects recovered'
    : code === 'OSD_FLAGS'
      ? 'OSD flags cleared'
      : `Health check cleared: ${code} (was: ${summary})`

/** Changes that came too soon after another to be told at once, when their time has come. */
export const logDelayed = (
  logged: LoggedChecks,
  standing: HealthCheckMap,
  { now, periodMs }: LogTime,
): Logged => {
  const lines: LogLine[] = []
  const next = new Map(logged)
  for (const [code, { severity, summary }] of standing) {
    const last = logged.get(code)
    if (last === undefined || (last.summary === summary && last.severity === severity)) continue
    if (now - last.atMs <= periodMs) continue
    lines.push({ level: levelOfSeverity(severity), text: `Health check update: ${summary} (${code})` })
    next.set(code, { severity, summary, atMs: now })
  }
  return { lines, logged: next }
}

export const HEALTHY_AGAIN: LogLine = { level: 'info', text: 'Cluster is now healthy' }

/**
 * How everything is; in detail when it is not well and `loggedBefore` was something else. The summary is for the next
 * time.
 */
export const logOverall = (
  health: Health,
  now: number,
  loggedBefore: string | undefined,
  tellsDetail: boolean,
): { readonly lines: readonly LogLine[]; readonly summary: string } => {
  const status = overallHealth(health)
  const summary = printHealth(health, now)
  const level = levelOfSeverity(status)
  const isDetailed = tellsDetail && status !== HEALTH.OK && summary !== loggedBefore
  const text = isDetailed
    ? `Health detail: ${summary}\n${printHealthDetail(health, now)}`
    : `overall ${summary}`
  // Every line of a text is an entry of its own in the log.
  const lines = text.split('\n').filter((line) => line !== '')
  return { lines: lines.map((line) => ({ level, text: line })), summary }
}
