/**
 * Health checks: what is wrong, how badly, and the details.
 *
 * Grammar: health_check_t = versioned 2/1 { u8 severity, string summary, list of string detail, i64 count }
 *          health_check_map_t = versioned 1/1 { map string → health_check_t }
 *          health_mute_t = versioned 1/1 { string code, utime ttl, bool sticky, string summary, i64 count }
 * Source: ceph src/mon/health_check.h.
 */
import { byBytes } from '../base/ordered.ts'
import type { Reader } from '../codec/reader.ts'
import { decodeUtime, encodeUtime, type Utime } from '../codec/type/utime.ts'
import type { Writer } from '../codec/writer.ts'

/** Wire values; the lower, the worse. Source: ceph src/include/health.h health_status_t. */
export const HEALTH = { ERR: 0, WARN: 1, OK: 2 } as const
export type HealthSeverity = (typeof HEALTH)[keyof typeof HEALTH]

export interface HealthCheck {
  /** A HealthSeverity; a newer peer's value is kept as it is. */
  readonly severity: number
  readonly summary: string
  readonly detail: readonly string[]
  /** How many things are affected. */
  readonly count: bigint
}

/** By code: `MON_DOWN`, `OSDMAP_FLAGS`, … */
export type HealthCheckMap = ReadonlyMap<string, HealthCheck>

export interface HealthMute {
  readonly code: string
  /** When the mute ends; zero for never. */
  readonly ttl: Utime
  /** Stays although the check has cleared. */
  readonly sticky: boolean
  readonly summary: string
  readonly count: bigint
}

export const NO_HEALTH_CHECKS: HealthCheckMap = new Map()

/** `HEALTH_WARN` for 1. */
export const healthStatusName = (severity: number): string =>
  severity === HEALTH.ERR ? 'HEALTH_ERR' : severity === HEALTH.WARN ? 'HEALTH_WARN' : 'HEALTH_OK'

export const decodeHealthCheck = (r: Reader): HealthCheck =>
  r.versioned(2, (structV) => ({
    severity: r.u8(),
    summary: r.string(),
    detail: r.array(r.string),
    count: structV >= 2 ? r.i64() : 0n,
  }))

export const encodeHealthCheck = (w: Writer, check: HealthCheck): void =>
  w.versioned(2, 1, () => {
    w.u8(check.severity)
    w.string(check.summary)
    w.array(check.detail, (out, line) => out.string(line))
    w.i64(check.count)
  })

export const decodeHealthCheckMap = (r: Reader): HealthCheckMap =>
  r.versioned(1, () => r.map(r.string, decodeHealthCheck))

export const encodeHealthCheckMap = (w: Writer, checks: HealthCheckMap): void =>
  w.versioned(1, 1, () => w.map(checks, byBytes, (out, code) => out.string(code), encodeHealthCheck))

export const decodeHealthMute = (r: Reader): HealthMute =>
  r.versioned(1, () => ({
    code: r.string(),
    ttl: decodeUtime(r),
    sticky: r.bool(),
    summary: r.string(),
    count: r.i64(),
  }))

export const encodeHealthMute = (w: Writer, mute: HealthMute): void =>
  w.versioned(1, 1, () => {
    w.string(mute.code)
    encodeUtime(w, mute.ttl)
    w.bool(mute.sticky)
    w.string(mute.summary)
    w.i64(mute.count)
  })
