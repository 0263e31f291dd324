/** The monitors of a quorum as child processes in the foreground: killed at any moment, and watched until they end. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { askAdminSocket } from '../../src/admin/client.ts'
import type { Implementation, QuorumCluster } from './quorum-cluster.ts'

/** What a monitor says of itself. */
export interface MonStatus {
  readonly state: string
  readonly quorum: readonly number[]
  readonly election_epoch: number
  /** While it copies a store. */
  readonly sync?: { readonly sync_provider: string }
}

export class MonProcesses {
  private readonly cluster: QuorumCluster
  private readonly children = new Map<string, ChildProcess>()
  private readonly killed = new WeakSet<ChildProcess>()
  /** Monitors that ended without being killed, and how. */
  readonly deaths: string[] = []
  killCount = 0

  constructor(cluster: QuorumCluster) {
    this.cluster = cluster
  }

  /** Starts a monitor, as the implementation that it was made by or as the one named. */
  start(name: string, as?: Implementation): void {
    const [program, args] = this.cluster.program(name, as)
    const log = openSync(join(this.cluster.folder, `mon.${name}.stderr`), 'a')
    const child = spawn(program, [...args, '-f'], { stdio: ['ignore', log, log] })
    closeSync(log)
    this.children.set(name, child)
    child.once('exit', (code, signal) => {
      if (!this.killed.has(child)) this.deaths.push(`mon.${name} ended with ${String(code ?? signal)}`)
      if (this.children.get(name) === child) this.children.delete(name)
    })
  }

  isRunning(name: string): boolean {
    return this.children.has(name)
  }

  /** SIGKILL to all of `names` that run, at once; they have ended afterwards. */
  async kill(names: readonly string[]): Promise<void> {
    const children = names.flatMap((name) => this.children.get(name) ?? [])
    const ends = children.map((child) => once(child, 'exit'))
    for (const child of children) {
      this.killed.add(child)
      this.killCount += 1
      child.kill('SIGKILL')
    }
    await Promise.all(ends)
  }

  /** Undefined while it does not answer. */
  async status(name: string): Promise<MonStatus | undefined> {
    if (!this.isRunning(name)) return undefined
    const answer = await askAdminSocket(this.cluster.adminSocket(name), {
      prefix: 'mon_status',
      format: 'json',
    })()
    if (E.isLeft(answer)) return undefined
    try {
      return JSON.parse(answer.right.toString()) as MonStatus
    } catch {
      return undefined
    }
  }

  /** Names of those who say that they lead. */
  async leaders(): Promise<readonly string[]> {
    const said = await Promise.all(this.cluster.names.map((name) => this.status(name)))
    return this.cluster.names.filter((_, i) => said[i]?.state === 'leader')
  }

  /** Whether every monitor is in a quorum of all, of the same election. */
  async isComplete(): Promise<boolean> {
    const { names } = this.cluster
    const said = await Promise.all(names.map((name) => this.status(name)))
    return said.every(
      (one) => one?.quorum.length === names.length && one.election_epoch === said[0]?.election_epoch,
    )
  }
}
