/**
 * The monitor's own log, as Ceph's daemons write theirs: each line with time, thread and level, to the log file, to
 * stderr, or to both. What is not written may still be gathered: the last lines up to a subsystem's second debug
 * level are kept in memory for `log dump` and for the end of a process that asserts.
 *
 * Levels: -1 is an error, and shown to whoever started the daemon; 0 is always written; N is written when the first
 * number of debug_<subsystem> is at least N, and gathered when the second is.
 *
 * Limits: LINE_CHARS_MAX of a line; what is beyond is cut. Control characters are written as `\x0a`.
 * Source: ceph src/log/Log.cc, src/log/SubsystemMap.h.
 */
import { closeSync, openSync, writeSync } from 'node:fs'
import { inspect } from 'node:util'
import { oneLine } from '../base/text.ts'
import type { Options } from '../config/options.ts'
import { now } from './clock.ts'
import { describeSystemError } from './system-error.ts'

export interface Logger {
  /** Whether a line of this level is written or gathered; else its text need not be made. */
  readonly takes: (subsystem: string, level: number) => boolean
  readonly log: (subsystem: string, level: number, text: string) => void
  /** Level -1; each line of the text is one of the log. */
  readonly error: (text: string) => void
  /** From now on with these options; reopens the file when its path is another. */
  readonly configure: (options: Options) => void
  /** After logrotate has moved the file away. */
  readonly reopen: () => void
  /** Writes the gathered lines into the log. */
  readonly dump: () => void
  /** Nobody listens at stderr any more: the daemon is in the background. */
  readonly detach: () => void
  readonly close: () => void
}

interface Entry {
  readonly time: number
  readonly level: number
  readonly text: string
}

export const LINE_CHARS_MAX = 4096

const STDERR = 2
const MODE = 0o644
// Width of a thread id in the original's lines; ours has one thread, named by the process.
const THREAD_DIGITS = 12

/** `2026-11-23T00:00:00.000+0000` of milliseconds since 1970. */
export const logTime = (ms: number): string => new Date(ms).toISOString().replace('Z', '+0000')

/** `peer=mon.1 seq=5n`: facts that belong to a line. */
export const printFields = (fields: Readonly<Record<string, unknown>>): string =>
  Object.entries(fields)
    .map(
      ([name, value]) =>
        `${name}=${typeof value === 'string' ? value : inspect(value, { breakLength: Infinity })}`,
    )
    .join(' ')

/** A logger that follows `options`. A file that cannot be opened is said on stderr, and is no reason to stop. */
export const loggerOf = (initial: Options): Logger => {
  const thread = process.pid.toString(16).padStart(THREAD_DIGITS, '0')
  const sink = sinkOf(initial)
  const recent: Entry[] = []
  let options = initial
  let levels = new Map<string, readonly [written: number, gathered: number]>()

  const levelsOf = (subsystem: string): readonly [number, number] => {
    const known = levels.get(subsystem)
    if (known !== undefined) return known
    const [written = 0, gathered = written] = options.string(`debug_${subsystem}`).split('/').map(Number)
    levels.set(subsystem, [written, gathered])
    return [written, gathered]
  }

  const write = ({ time, level, text }: Entry): void => {
    sink.write(`${logTime(time)} ${thread} ${String(level).padStart(2)} ${text}\n`, level < 0)
  }

  const takes = (subsystem: string, level: number): boolean => level <= Math.max(...levelsOf(subsystem))

  const log = (subsystem: string, level: number, text: string): void => {
    if (!takes(subsystem, level)) return
    const entry = { time: now(), level, text: oneLine(text, LINE_CHARS_MAX) }
    if (level <= levelsOf(subsystem)[0]) write(entry)
    recent.push(entry)
    const max = options.int('log_max_recent')
    // Dropped in halves: shifting one by one would cost a copy a line.
    if (recent.length > 2 * max) recent.splice(0, recent.length - max)
  }

  const error = (text: string): void => {
    const isEnded = text.endsWith('\n')
    for (const line of (isEnded ? text.slice(0, -1) : text).split('\n')) log('none', -1, line)
    // A text that ends its line is followed by an empty one, as with the original; it is no entry of its own.
    if (isEnded) sink.write('\n', true)
  }

  return {
    takes,
    log,
    error,
    configure: (next) => {
      options = next
      levels = new Map()
      sink.configure(next)
    },
    reopen: sink.reopen,
    dump: () => {
      const entries = recent.slice(-options.int('log_max_recent'))
      error('--- begin dump of recent events ---')
      for (const entry of entries) write(entry)
      error('--- end dump of recent events ---')
    },
    detach: sink.detach,
    close: sink.close,
  }
}

/** Where lines go. */
interface Sink extends Pick<Logger, 'configure' | 'reopen' | 'detach' | 'close'> {
  readonly write: (line: string, isError: boolean) => void
}

const sinkOf = (initial: Options): Sink => {
  let options = initial
  let attached = true
  let file: { readonly path: string; readonly fd: number } | undefined

  const toStderr = (line: string): void => {
    if (!attached) return
    try {
      writeSync(STDERR, line)
    } catch {
      // Whoever read it has gone.
      attached = false
    }
  }

  const pathOf = (): string => (options.bool('log_to_file') ? options.string('log_file') : '')

  const close = (): void => {
    if (file !== undefined) closeSync(file.fd)
    file = undefined
  }

  const reopen = (): void => {
    close()
    const path = pathOf()
    if (path === '') return
    try {
      file = { path, fd: openSync(path, 'a', MODE) }
    } catch (error) {
      toStderr(`failed to open log file '${path}': ${describeSystemError(error)}\n`)
    }
  }

  reopen()
  return {
    write: (line, isError) => {
      if (file !== undefined) writeSync(file.fd, line)
      if (options.bool('log_to_stderr') || (isError && options.bool('err_to_stderr'))) toStderr(line)
    },
    configure: (next) => {
      options = next
      if (pathOf() !== (file?.path ?? '')) reopen()
    },
    reopen,
    detach: () => {
      attached = false
    },
    close,
  }
}
