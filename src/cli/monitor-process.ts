/** Monitors as processes of their own: started, asked how they are, stopped. */
import * as E from 'fp-ts/lib/Either.js'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import * as t from 'io-ts'
import { askAdminSocket } from '../admin/client.ts'
import type { LocalCluster, LocalMonitor } from './local-cluster.ts'

const CEPH_MON = fileURLToPath(new URL('../../bin/ceph-mon', import.meta.url))
const HOST = '127.0.0.1'
/** A monitor that has not ended this long after SIGTERM is killed. */
const STOP_MS = 10_000

/** Runs `ceph-mon` to its end, passing on what it says; gives its exit code. */
export const runCephMon = (args: readonly string[]): Promise<number> => {
  const child = spawn(process.execPath, [...process.execArgv, CEPH_MON, ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return new Promise((resolve) => {
    child.once('error', () => resolve(1))
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

/**
 * Starts a monitor. It gets a session of its own, so that Ctrl-C at the terminal reaches only whoever started it.
 * `onLine` hears what it says on stderr; `options` are `ceph-mon`'s.
 */
export const startMonitorProcess = (
  cluster: LocalCluster,
  { name }: LocalMonitor,
  onLine: (line: string) => void,
  options: readonly string[] = [],
): ChildProcess => {
  const child = spawn(
    process.execPath,
    [...process.execArgv, CEPH_MON, '-f', '-i', name, '-c', cluster.conf, ...options],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    },
  )
  let rest = ''
  child.stderr.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line !== '') onLine(line)
  })
  return child
}

/** Ends a monitor and waits for it. */
export const stopMonitorProcess = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const killer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await ended
  clearTimeout(killer)
}

/** Why nobody could listen on `port` of the loopback address now; undefined when one could. */
export const portProblem = (port: number): Promise<Error | undefined> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', resolve)
    probe.listen(port, HOST, () => {
      probe.close(() => {
        resolve(undefined)
      })
    })
  })

const Status = t.type({ name: t.string, rank: t.number, state: t.string, quorum: t.array(t.number) })

export type MonitorStatus = t.TypeOf<typeof Status>

/** What a monitor says of itself; undefined while it does not answer. */
export const statusOf = async ({ adminSocket }: LocalMonitor): Promise<MonitorStatus | undefined> => {
  const answer = await askAdminSocket(adminSocket, { prefix: 'mon_status', format: 'json' })()
  if (E.isLeft(answer)) return undefined
  const json = E.tryCatch((): unknown => JSON.parse(answer.right.toString()), String)
  const status = E.flatMap(json, (value) => E.mapLeft(String)(Status.decode(value)))
  return E.isRight(status) ? status.right : undefined
}
