/** `monclave run`: a cluster of monitors on this machine, in the foreground until Ctrl-C. */
import * as E from 'fp-ts/lib/Either.js'
import { existsSync, readdirSync } from 'node:fs'
import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { now } from '../node/clock.ts'
import {
  createCluster,
  findCluster,
  MONITORS_MAX,
  PORT_END,
  type LocalCluster,
  type LocalMonitor,
} from './local-cluster.ts'
import {
  isPortFree,
  runCephMon,
  startMonitorProcess,
  statusOf,
  stopMonitorProcess,
  type MonitorStatus,
} from './monitor-process.ts'

export interface RunOptions {
  /** Absolute. */
  readonly folder: string
  /** Undefined: as many as there are, three the first time. */
  readonly monitors: number | undefined
  readonly port: number | undefined
  readonly say: (text: string) => void
}

const MONITORS_DEFAULT = 3
const PORT_DEFAULT = 3300
const QUORUM_WAIT_MS = 60_000
const POLL_MS = 100

/** Runs until SIGINT or SIGTERM, or until every monitor has ended; gives the exit code. */
export const runCluster = async (options: RunOptions): Promise<number> => {
  const { say } = options
  const cluster = await readyCluster(options)
  if (E.isLeft(cluster)) {
    say(cluster.left)
    return 1
  }
  return supervise(cluster.right, say)
}

const readyCluster = async (options: RunOptions): Promise<E.Either<string, LocalCluster>> => {
  const found = findCluster(options.folder)
  if (E.isLeft(found)) return found
  if (found.right !== undefined) return existingCluster(options, found.right)
  const count = options.monitors ?? MONITORS_DEFAULT
  const port = options.port ?? PORT_DEFAULT
  const wrong = badNumbers(count, port)
  if (wrong !== undefined) return E.left(wrong)
  if (existsSync(options.folder) && readdirSync(options.folder).length > 0)
    return E.left(`${options.folder} is not empty and holds no cluster; choose another folder with DIR=…`)
  const taken = await takenPort(Array.from({ length: count }, (_, i) => port + i))
  if (taken !== undefined) return E.left(taken)
  const created = createCluster(options.folder, count, port)
  if (E.isLeft(created)) return created
  options.say(`made a cluster of ${count} in ${options.folder}`)
  return withFolders(created.right)
}

const existingCluster = async (
  { monitors, port, folder }: RunOptions,
  cluster: LocalCluster,
): Promise<E.Either<string, LocalCluster>> => {
  const first = cluster.monitors[0]?.port
  if ((monitors ?? cluster.monitors.length) !== cluster.monitors.length || (port ?? first) !== first)
    return E.left(
      `${folder} holds a cluster of ${cluster.monitors.length} on port ${first ?? 0} and up; ` +
        'start it without N and PORT, or make another with DIR=…',
    )
  const taken = await takenPort(cluster.monitors.map((monitor) => monitor.port))
  return taken === undefined ? withFolders(cluster) : E.left(taken)
}

const badNumbers = (count: number, port: number): string | undefined => {
  if (!Number.isInteger(count) || count < 1 || count > MONITORS_MAX)
    return `the number of monitors must be from 1 to ${MONITORS_MAX}`
  if (!Number.isInteger(port) || port < 1 || port + count > PORT_END)
    return `ports must be below ${PORT_END}: those above are given to outgoing connections at random`
  return undefined
}

const takenPort = async (ports: readonly number[]): Promise<string | undefined> => {
  for (const port of ports)
    if (!(await isPortFree(port)))
      return `port ${port} is taken: is the cluster running already? If not, choose other ports with PORT=…`
  return undefined
}

// A data folder that a broken first start left out is made now.
const withFolders = async (cluster: LocalCluster): Promise<E.Either<string, LocalCluster>> => {
  for (const { name, folder } of cluster.monitors) {
    if (existsSync(folder)) continue
    const files = ['--monmap', cluster.monmap, '--keyring', cluster.keyring]
    const code = await runCephMon(['--mkfs', '-i', name, '-c', cluster.conf, ...files])
    if (code !== 0) return E.left(`mon.${name} could not be made`)
  }
  return E.right(cluster)
}

const supervise = async (cluster: LocalCluster, say: (text: string) => void): Promise<number> => {
  let isStopping = false
  const children = cluster.monitors.map((monitor): ChildProcess => {
    const child = startMonitorProcess(cluster, monitor, (line) => {
      if (!isStopping) say(`mon.${monitor.name}: ${line}`)
    })
    child.once('exit', (code, signal) => {
      if (!isStopping)
        say(`mon.${monitor.name} has ended (${signal ?? code ?? ''}); its log is ${monitor.log}`)
    })
    return child
  })
  const allEnded = Promise.all(
    children.map((child) => new Promise<void>((resolve) => child.once('exit', () => resolve()))),
  )
  const interrupted = new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
  const stopped = Promise.race([allEnded, interrupted])
  await Promise.race([stopped, awaitQuorum(cluster, say)])
  await stopped
  const wasAsked = children.some((child) => child.exitCode === null && child.signalCode === null)
  isStopping = true
  if (wasAsked) say('\nstopping')
  await Promise.all(children.map(stopMonitorProcess))
  return wasAsked ? 0 : 1
}

const awaitQuorum = async (cluster: LocalCluster, say: (text: string) => void): Promise<void> => {
  const began = now()
  let statuses: readonly (MonitorStatus | undefined)[] = []
  while (now() - began < QUORUM_WAIT_MS) {
    statuses = await Promise.all(cluster.monitors.map(statusOf))
    if (statuses.every((status) => status?.quorum.length === cluster.monitors.length)) break
    await sleep(POLL_MS)
  }
  const seconds = ((now() - began) / 1000).toFixed(1)
  for (const [i, monitor] of cluster.monitors.entries()) say(monitorLine(monitor, statuses[i]))
  const isComplete = statuses.every((status) => status?.quorum.length === cluster.monitors.length)
  say(isComplete ? `quorum after ${seconds} s` : `no full quorum within ${seconds} s; the logs say why`)
  say(`
  export CEPH_CONF=${cluster.conf}
  ceph -s

Ctrl-C stops the monitors; their data stays in ${cluster.folder}.`)
}

const monitorLine = ({ name, port, log }: LocalMonitor, status: MonitorStatus | undefined): string =>
  `mon.${name}  127.0.0.1:${port}  ${(status?.state ?? 'no answer').padEnd(9)}  ${log}`
