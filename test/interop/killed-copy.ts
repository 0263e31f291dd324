/**
 * Kills monitors while one of them copies a store: the one that copies, again and again; the one that it copies from;
 * both at once.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { StoreView } from '../../src/store/view.ts'
import type { Random } from '../paxos/random.ts'
import type { MonProcesses } from './mon-process.ts'
import type { QuorumCluster } from './quorum-cluster.ts'
import { readStore } from './store-agreement.ts'

/** What a monitor is to copy: everything, as its folder was made anew or it was away too long; what it has missed. */
export type Copy = 'emptied' | 'trimmed' | 'recent'
export type Doomed = 'copier' | 'provider' | 'both'

/** So long after its start a monitor copies or is in the quorum. */
const START_MS_MAX = 40_000
/** Deaths are spread over so much of a copy; one of a whole store first notes on disk that it has begun. */
const COPY_MS: Readonly<Record<Copy, readonly [from: number, to: number]>> = {
  emptied: [30, 800],
  trimmed: [30, 800],
  recent: [0, 60],
}
/** Of the versions that a monitor has missed, the leader would tell it fewer. */
const MISSED_COUNT = 20
const AWAY_MS_MAX = 60_000

interface Versions {
  readonly first: number
  readonly last: number
}

export class KilledCopy {
  private readonly cluster: QuorumCluster
  private readonly monitors: MonProcesses
  private readonly random: Random
  /** Deaths that fell into a copy, by who died and what was being copied. */
  readonly hits = new Map<string, number>()
  /** Copies that were over before anybody died. */
  missCount = 0

  constructor(cluster: QuorumCluster, monitors: MonProcesses, random: Random) {
    this.cluster = cluster
    this.monitors = monitors
    this.random = random
  }

  /** Takes a monitor out of the quorum, so that it has to copy when it is started again. */
  async bringDown(name: string, copy: Copy): Promise<void> {
    // A store of which nothing was trimmed is told from the beginning, not copied.
    if (copy === 'emptied') await this.untilVersions(({ first }) => first > 1)
    const { last } = this.versions()
    await this.monitors.kill([name])
    if (copy === 'emptied') this.makeAnew(name)
    else
      await this.untilVersions(
        copy === 'trimmed' ? (now) => now.first > last + 1 : (now) => now.last > last + MISSED_COUNT,
      )
  }

  private makeAnew(name: string): void {
    const { cluster } = this
    rmSync(cluster.dataFolder(name), { recursive: true })
    const [program, args] = cluster.program(name)
    const seed = ['--monmap', join(cluster.folder, 'monmap'), '--keyring', join(cluster.folder, 'keyring')]
    execFileSync(program, [...args, '--mkfs', ...seed], { stdio: 'ignore' })
  }

  private async untilVersions(holds: (now: Versions) => boolean): Promise<void> {
    const end = Date.now() + AWAY_MS_MAX
    while (!holds(this.versions())) {
      if (Date.now() > end) throw new Error(`still at ${JSON.stringify(this.versions())}`)
      await sleep(50)
    }
  }

  private versions(): Versions {
    const { paxos } = JSON.parse(this.cluster.ok(['report'])) as {
      readonly paxos: { readonly first_committed: number; readonly last_committed: number }
    }
    return { first: paxos.first_committed, last: paxos.last_committed }
  }

  /** Starts a monitor that has to copy, and kills one after the other over the same copy, if it lasts so long. */
  async kill(name: string, copy: Copy, doomed: readonly Doomed[]): Promise<void> {
    for (const who of doomed) {
      for (const one of this.cluster.names) if (!this.monitors.isRunning(one)) this.monitors.start(one)
      const provider = await this.providerOf(name)
      const done = provider === undefined ? undefined : await this.killWithin(name, provider, copy, who)
      if (done === undefined) {
        this.missCount += 1
        return
      }
      this.hits.set(done, (this.hits.get(done) ?? 0) + 1)
      await sleep(this.random.below(300))
    }
  }

  /** Whether each of these has died over such a copy. */
  hasHit(copy: Copy, doomed: readonly Doomed[]): boolean {
    return doomed.every((who) => this.hits.has(hit(who, copy !== 'recent')))
  }

  // Whom the monitor copies from; undefined when it joins the quorum without a copy.
  private async providerOf(name: string): Promise<string | undefined> {
    const end = Date.now() + START_MS_MAX
    while (Date.now() < end) {
      const status = await this.monitors.status(name)
      if (status?.state === 'leader' || status?.state === 'peon') return undefined
      const address = /127\.0\.0\.1:\d+/.exec(status?.sync?.sync_provider ?? '')?.[0]
      if (address !== undefined)
        return this.cluster.names.find((one) => this.cluster.addressOf(one) === address)
      await sleep(2)
    }
    throw new Error(`mon.${name} neither copies nor joins within ${START_MS_MAX} ms`)
  }

  // What was hit; undefined when the copy was over.
  private async killWithin(
    name: string,
    provider: string,
    copy: Copy,
    doomed: Doomed,
  ): Promise<string | undefined> {
    const [from, to] = COPY_MS[copy]
    await sleep(from + this.random.below(to - from))
    const isCopying = (await this.monitors.status(name))?.state === 'synchronizing'
    await this.monitors.kill({ copier: [name], provider: [provider], both: [name, provider] }[doomed])
    if (!isCopying) return undefined
    const isWhole = doomed === 'provider' ? copy !== 'recent' : isHalfCopied(await this.storeLeftBy(name))
    return hit(doomed, isWhole)
  }

  // Of a copy of the folder: nobody but the monitor opens what it has left.
  private async storeLeftBy(name: string): Promise<StoreView> {
    const folder = mkdtempSync(join(this.cluster.folder, 'left-'))
    cpSync(this.cluster.dataFolder(name), folder, { recursive: true })
    const store = await readStore(join(folder, 'store.db'))
    rmSync(folder, { recursive: true })
    return store
  }
}

const hit = (doomed: Doomed, isWhole: boolean): string => `${doomed} ${isWhole ? 'whole' : 'recent'}`

const isHalfCopied = (store: StoreView): boolean => store.u64('mon_sync', 'in_sync') > 0n
