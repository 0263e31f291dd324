/** Ceph's utime_t: a wall-clock time or a duration. Grammar: u32 seconds, u32 nanoseconds. */
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface Utime {
  readonly sec: number
  readonly nsec: number
}

export const UTIME_ZERO: Utime = { sec: 0, nsec: 0 }

export const decodeUtime = (r: Reader): Utime => ({ sec: r.u32(), nsec: r.u32() })

export const encodeUtime = (w: Writer, t: Utime): void => {
  w.u32(t.sec)
  w.u32(t.nsec)
}

/** From milliseconds since 1970, fractions kept to the nanosecond. */
export const utimeOfMs = (ms: number): Utime => {
  const sec = Math.floor(ms / 1000)
  return { sec, nsec: Math.min(999_999_999, Math.max(0, Math.round((ms - sec * 1000) * 1e6))) }
}

export const msOfUtime = (t: Utime): number => t.sec * 1000 + t.nsec / 1e6

const NSEC_PER_SEC = 1_000_000_000
const SEC_MAX = 0xffff_ffff

/** `t` and `seconds` later, fractions cut to the nanosecond. Source: ceph src/include/utime.h operator+=. */
export const addSeconds = (t: Utime, seconds: number): Utime => {
  const whole = Math.trunc(seconds)
  const nsec = t.nsec + Math.trunc((seconds - whole) * NSEC_PER_SEC)
  const sec = t.sec + whole + Math.floor(nsec / NSEC_PER_SEC)
  return {
    sec: Math.max(0, Math.min(SEC_MAX, sec)),
    nsec: nsec - Math.floor(nsec / NSEC_PER_SEC) * NSEC_PER_SEC,
  }
}

export const compareUtime = (a: Utime, b: Utime): number => a.sec - b.sec || a.nsec - b.nsec

/**
 * As Ceph prints it: `2024-05-01T12:34:56.123456+0000`; a value under ten years is taken for a duration and
 * printed as seconds with six decimals.
 * Source: ceph src/include/utime.h utime_t::gmtime, localtime (the zone printed here is always UTC).
 */
export const printUtime = (t: Utime): string => {
  const micros = String(Math.floor(t.nsec / 1000)).padStart(6, '0')
  if (t.sec < 60 * 60 * 24 * 365 * 10) return `${t.sec}.${micros}`
  return `${new Date(t.sec * 1000).toISOString().slice(0, 19)}.${micros}+0000`
}

/** As `printUtime`, with `Z` for the zone. Source: ceph src/include/utime.h utime_t::gmtime. */
export const printUtimeZ = (t: Utime): string => printUtime(t).replace(/\+0000$/, 'Z')
