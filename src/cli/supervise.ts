/**
 * The monitors of one cluster as processes: started together, watched, and ended together. They live in sessions of
 * their own, so that Ctrl-C and a closed terminal reach only this process, which then ends them in good order.
 */
import type { ChildProcess } from 'node:child_process'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { isatty } from 'node:tty'
import * as E from 'fp-ts/lib/Either.js'
import { setTimeout as sleep } from 'node:timers/promises'
import { now } from '../node/clock.ts'
import { systemError } from '../node/system-error.ts'
import { cephCommand, type Said } from './ceph-command.ts'
import type { LocalCluster, LocalMonitor } from './local-cluster.ts'
import { startMonitorProcess, statusOf, stopMonitorProcess, type MonitorStatus } from './monitor-process.ts'

const QUORUM_WAIT_MS = 60_000
const STATUS_WAIT_MS = 10_000
const POLL_MS = 100
/** Asked for by somebody, who may lose patience. */
const ORDERS = ['SIGINT', 'SIGTERM'] as const
/** How often it is looked whether the terminal is still there. */
const TERMINAL_POLL_MS = 500
/** Of a log whose monitor has ended. */
const TAIL_LINES = 5
const TAIL_BYTES = 4096

/**
 * Starts the monitors and stays until a signal asks it to stop, or all of them have ended; gives the exit code.
 * `optionsOf` gives options of `ceph-mon` for one monitor.
 */
export const supervise = async (
  cluster: LocalCluster,
  say: (text: string) => void,
  optionsOf: (monitor: LocalMonitor) => readonly string[] = () => [],
): Promise<number> => {
  const running = new Set<ChildProcess>()
  let isStopping = false
  const children = cluster.monitors.map((monitor) => {
    const onLine = (line: string): void => {
      if (!isStopping) say(`mon.${monitor.name}: ${line}`)
    }
    const child = startMonitorProcess(cluster, monitor, onLine, optionsOf(monitor))
    running.add(child)
    child.once('exit', (code, signal) => {
      running.delete(child)
      if (isStopping) return
      say(
        `mon.${monitor.name} has ended (${signal ?? `exit code ${code ?? ''}`}); the end of ${monitor.log}:`,
      )
      for (const line of logTail(monitor.log)) say(`  ${line}`)
    })
    return child
  })
  const allEnded = Promise.all(
    children.map((child) => new Promise<void>((resolve) => child.once('exit', () => resolve()))),
  )
  const signals = onSignals(() => {
    // Whoever asks twice does not want to wait.
    for (const child of running) child.kill('SIGKILL')
  })
  const watch = new AbortController()
  const stopped = Promise.race([allEnded, signals.first, terminalClosed(watch.signal)])
  await Promise.race([stopped, awaitQuorum(cluster, running, say)])
  await stopped
  watch.abort()
  const wasAsked = running.size > 0
  isStopping = true
  if (wasAsked) say('\nstopping')
  await Promise.all(children.map(stopMonitorProcess))
  signals.ignore()
  if (!wasAsked) say('every monitor has ended')
  return wasAsked ? 0 : 1
}

/**
 * `first` ends with the first signal; `again` is called for each order that follows. A terminal that closes sends
 * SIGHUP twice, by its shell and by the kernel, and nobody is impatient then.
 */
const onSignals = (again: () => void): { readonly first: Promise<void>; readonly ignore: () => void } => {
  let heard: () => void = () => undefined
  let isHeard = false
  const first = new Promise<void>((resolve) => {
    heard = resolve
  })
  const hangUp = (): void => {
    isHeard = true
    heard()
  }
  const order = (): void => {
    if (isHeard) again()
    hangUp()
  }
  process.on('SIGHUP', hangUp)
  for (const signal of ORDERS) process.on(signal, order)
  return {
    first,
    ignore: () => {
      process.off('SIGHUP', hangUp)
      for (const signal of ORDERS) process.off(signal, order)
    },
  }
}

/**
 * Ends when the terminal that was there is no more. Its SIGHUP may go to a parent alone that keeps it to itself and
 * waits for this process, as make does when the terminal runs nothing else. Never ends without a terminal.
 */
const terminalClosed = async (signal: AbortSignal): Promise<void> => {
  if (!isatty(1)) return new Promise(() => undefined)
  while (!signal.aborted && isatty(1)) await sleep(TERMINAL_POLL_MS, undefined, { ref: false })
}

const awaitQuorum = async (
  cluster: LocalCluster,
  running: ReadonlySet<ChildProcess>,
  say: (text: string) => void,
): Promise<void> => {
  const began = now()
  const { monitors } = cluster
  let statuses: readonly (MonitorStatus | undefined)[] = []
  const isComplete = (): boolean => statuses.every((status) => status?.quorum.length === monitors.length)
  do {
    await sleep(POLL_MS)
    statuses = await Promise.all(monitors.map(statusOf))
  } while (!isComplete() && running.size === monitors.length && now() - began < QUORUM_WAIT_MS)
  if (running.size === 0) return
  const seconds = ((now() - began) / 1000).toFixed(1)
  for (const [i, monitor] of monitors.entries()) say(monitorLine(monitor, statuses[i]))
  say(isComplete() ? `quorum after ${seconds} s` : `no full quorum after ${seconds} s; the logs say why`)
  const hasQuorum = statuses.some((status) => (status?.quorum.length ?? 0) > monitors.length / 2)
  if (hasQuorum) say(`\n${(await firstStatus(cluster)).trimEnd()}\n`)
  if (hasQuorum)
    say(`To use it from another terminal:

  export CEPH_CONF=${quoted(cluster.conf)}
  ceph -s
`)
  say(`Ctrl-C stops the monitors; their data stays in ${cluster.folder}.`)
}

// A quorum that was just made takes a moment to agree on the keys of its clients.
const firstStatus = async (cluster: LocalCluster): Promise<string> => {
  const until = now() + STATUS_WAIT_MS
  const ask = (): Promise<Said> =>
    cephCommand({ folder: cluster.folder, help: false, words: ['status'] }, {}, Buffer.alloc(0))
  let said = await ask()
  while (said.code !== 0 && now() < until) {
    await sleep(POLL_MS)
    said = await ask()
  }
  return said.code === 0 ? said.out.toString() : said.err
}

const monitorLine = ({ name, port, log }: LocalMonitor, status: MonitorStatus | undefined): string =>
  `mon.${name}  127.0.0.1:${port}  ${(status?.state ?? 'no answer').padEnd(9)}  ${log}`

/** For a shell. */
const quoted = (path: string): string =>
  /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`

/** The last lines of a log; none when it cannot be read. */
const logTail = (path: string): readonly string[] => {
  const text = systemError(() => {
    const fd = openSync(path, 'r')
    try {
      const { size } = fstatSync(fd)
      const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES))
      readSync(fd, bytes, 0, bytes.length, size - bytes.length)
      return bytes.toString()
    } finally {
      closeSync(fd)
    }
  })
  if (E.isLeft(text)) return [text.left]
  return text.right
    .split('\n')
    .filter((line) => line !== '')
    .slice(-TAIL_LINES)
}
