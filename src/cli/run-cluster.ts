/** `monclave run`: a cluster of monitors on this machine, in the foreground until Ctrl-C. */
import * as E from 'fp-ts/lib/Either.js'
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describeSystemError, systemError } from '../node/system-error.ts'
import {
  createCluster,
  findCluster,
  MONITORS_MAX,
  PORT_END,
  type LocalCluster,
  type LocalMonitor,
} from './local-cluster.ts'
import { STORE } from './mkfs.ts'
import { portProblem, runCephMon, statusOf } from './monitor-process.ts'
import { supervise } from './supervise.ts'

export interface RunOptions {
  /** Absolute. */
  readonly folder: string
  /** Undefined: as many as there are, three the first time. */
  readonly monitors: number | undefined
  readonly port: number | undefined
  /** A folder for a trace of each monitor; undefined for none. */
  readonly traceFolder: string | undefined
  readonly say: (text: string) => void
}

const MONITORS_DEFAULT = 3
const PORT_DEFAULT = 3300
/** Runs until SIGINT, SIGTERM or SIGHUP, or until every monitor has ended; gives the exit code. */
export const runCluster = async (options: RunOptions): Promise<number> => {
  const cluster = await readyCluster(options)
  if (E.isLeft(cluster)) {
    options.say(cluster.left)
    return 1
  }
  const { traceFolder, say } = options
  if (traceFolder === undefined) return supervise(cluster.right, say)
  mkdirSync(traceFolder, { recursive: true })
  return supervise(cluster.right, say, ({ name }) => [
    '--monclave-trace',
    join(traceFolder, `${name}.trace.ndjson`),
  ])
}

const readyCluster = async (options: RunOptions): Promise<E.Either<string, LocalCluster>> => {
  const found = findCluster(options.folder)
  if (E.isLeft(found)) return found
  return found.right === undefined ? newCluster(options) : existingCluster(options, found.right)
}

const newCluster = async ({
  folder,
  monitors: count = MONITORS_DEFAULT,
  port = PORT_DEFAULT,
  say,
}: RunOptions): Promise<E.Either<string, LocalCluster>> => {
  const wrong = badNumbers(count, port) ?? badFolder(folder)
  if (wrong !== undefined) return E.left(wrong)
  const taken = await takenPort(Array.from({ length: count }, (_, i) => port + i))
  if (taken !== undefined) return E.left(taken)
  const created = createCluster(folder, count, port)
  if (E.isLeft(created)) return created
  say(`made a cluster of ${count} in ${folder}`)
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
  const running = await runningMonitor(cluster)
  if (running !== undefined)
    return E.left(
      `the cluster in ${folder} is running already: mon.${running.name} answers.\n` +
        `If no terminal has it in its foreground: kill $(cat ${folder}/mon.*.pid)`,
    )
  const taken = await takenPort(cluster.monitors.map((monitor) => monitor.port))
  return taken === undefined ? withFolders(cluster) : E.left(taken)
}

const runningMonitor = async (cluster: LocalCluster): Promise<LocalMonitor | undefined> => {
  const statuses = await Promise.all(cluster.monitors.map(statusOf))
  return cluster.monitors.find((_, i) => statuses[i] !== undefined)
}

const badNumbers = (count: number, port: number): string | undefined => {
  if (!Number.isInteger(count) || count < 1 || count > MONITORS_MAX)
    return `the number of monitors must be from 1 to ${MONITORS_MAX}`
  if (!Number.isInteger(port) || port < 1 || port + count > PORT_END)
    return `ports must be below ${PORT_END}: those above are given to outgoing connections at random`
  return undefined
}

const badFolder = (folder: string): string | undefined => {
  // These mean something in ceph.conf and in lists of files.
  if (/[,;#$"\\\n]/.test(folder))
    return `${folder}: a cluster's folder may not have any of , ; # $ " \\ in its name`
  if (!existsSync(folder)) return undefined
  const names = systemError(() => readdirSync(folder))
  if (E.isLeft(names)) return `${folder}: ${names.left}`
  return names.right.length === 0
    ? undefined
    : `${folder} is not empty and holds no cluster; choose another folder with DIR=…`
}

const takenPort = async (ports: readonly number[]): Promise<string | undefined> => {
  for (const port of ports) {
    const problem = await portProblem(port)
    if (problem !== undefined)
      return `port ${port} cannot be had: ${describeSystemError(problem)}; choose others with PORT=… and a new DIR=…`
  }
  return undefined
}

// A data folder that a broken first start left out, or left half done, is made now: its store comes last.
const withFolders = async (cluster: LocalCluster): Promise<E.Either<string, LocalCluster>> => {
  for (const { name, folder } of cluster.monitors) {
    if (existsSync(join(folder, STORE))) continue
    rmSync(folder, { recursive: true, force: true })
    const files = ['--monmap', cluster.monmap, '--keyring', cluster.keyring]
    const code = await runCephMon(['--mkfs', '-i', name, '-c', cluster.conf, ...files])
    if (code !== 0) return E.left(`mon.${name} could not be made`)
  }
  return E.right(cluster)
}
