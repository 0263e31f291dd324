/**
 * Kills monitors of a quorum, round after round, at moments of a seeded random: one, two or all at once; one after
 * the other during the election that the first one caused; while they boot; while one copies another's store.
 */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../paxos/random.ts'
import type { MonProcesses } from './mon-process.ts'

/** A quorum of all must be there again so long after the last monitor was started. */
const QUORUM_MS_MAX = 90_000
const POLL_MS = 25
// About how long a monitor takes from its start to its quorum.
const BOOT_MS = 1500
// Long enough for the others to notice a death, and then to trim what the dead one would need.
const AWAY_MS = 7000

const SCENARIOS = ['leader', 'peon', 'two', 'all', 'election', 'boot', 'sync'] as const
type Scenario = (typeof SCENARIOS)[number]

export class KillLoop {
  private readonly names: readonly string[]
  private readonly monitors: MonProcesses
  private readonly random: Random
  /** Rounds by what was done in them. */
  readonly rounds = new Map<string, number>()
  /** Called when no monitor runs. */
  onAllDead: () => Promise<void> = () => Promise.resolve()

  constructor(names: readonly string[], monitors: MonProcesses, random: Random) {
    this.names = names
    this.monitors = monitors
    this.random = random
  }

  /** One round: something is killed, everything is started, and all are in one quorum again. */
  async round(): Promise<void> {
    await sleep(this.random.below(800))
    const scenario = this.random.pick(SCENARIOS)
    const done = await this.run(scenario)
    this.rounds.set(done, (this.rounds.get(done) ?? 0) + 1)
    await this.complete()
  }

  /** Kills all at once. */
  async killAll(): Promise<void> {
    await this.monitors.kill(this.names)
    await this.onAllDead()
  }

  /** Starts who does not run, and waits for the quorum of all. */
  async complete(): Promise<void> {
    for (const name of this.random.shuffled(this.names)) {
      if (this.monitors.isRunning(name)) continue
      this.monitors.start(name)
      if (this.random.chance(0.5)) await sleep(this.random.below(300))
    }
    const end = Date.now() + QUORUM_MS_MAX
    while (!(await this.monitors.isComplete())) {
      assert.deepEqual(this.monitors.deaths, [])
      assert.ok(Date.now() < end, `no quorum of all within ${QUORUM_MS_MAX} ms`)
      await sleep(POLL_MS)
    }
  }

  // What was done; a copy of the store is not always needed.
  private async run(scenario: Scenario): Promise<string> {
    switch (scenario) {
      case 'leader':
        await this.killAndWait(await this.monitors.leaders())
        return scenario
      case 'peon':
        await this.killAndWait([this.random.pick(await this.peons())])
        return scenario
      case 'two':
        await this.killAndWait(this.random.shuffled(this.names).slice(1))
        return scenario
      case 'all':
        await this.killAll()
        return scenario
      case 'election':
        return this.duringElection()
      case 'boot':
        return this.duringBoot()
      case 'sync':
        return this.duringSync()
    }
  }

  private async killAndWait(names: readonly string[]): Promise<void> {
    await this.monitors.kill(names)
    await sleep(this.random.below(2 * BOOT_MS))
  }

  private async peons(): Promise<readonly string[]> {
    const leaders = await this.monitors.leaders()
    return this.names.filter((name) => !leaders.includes(name))
  }

  // The first death causes an election; a second one, or a return, falls into it.
  private async duringElection(): Promise<string> {
    const [first, second, third] = this.random.shuffled(this.names) as [string, string, string]
    await this.monitors.kill([first])
    await sleep(this.random.below(1000))
    this.monitors.start(first)
    await sleep(this.random.below(2 * BOOT_MS))
    await this.monitors.kill([second])
    if (this.random.chance(0.5)) return 'election'
    await sleep(this.random.below(500))
    await this.monitors.kill([third])
    return 'two elections'
  }

  private async duringBoot(): Promise<string> {
    const victims = this.random.chance(0.3)
      ? this.names
      : this.random.shuffled(this.names).slice(this.random.below(2) + 1)
    await this.monitors.kill(victims)
    for (let again = this.random.below(3) + 1; again > 0; again--) {
      for (const name of victims) this.monitors.start(name)
      await sleep(this.random.below(BOOT_MS))
      await this.monitors.kill(victims)
    }
    if (victims.length === this.names.length) await this.onAllDead()
    return 'boot'
  }

  private async duringSync(): Promise<string> {
    const victim = this.random.pick(this.names)
    await this.monitors.kill([victim])
    await sleep(AWAY_MS)
    const others = this.names.filter((name) => name !== victim)
    this.monitors.start(victim)
    const end = Date.now() + 2 * BOOT_MS
    while (Date.now() < end) {
      const state = (await this.monitors.status(victim))?.state
      if (state === 'synchronizing') {
        await sleep(this.random.below(60))
        await this.monitors.kill([this.random.chance(0.6) ? victim : this.random.pick(others)])
        return 'sync'
      }
      if (state === 'leader' || state === 'peon') break
      await sleep(1)
    }
    return 'no sync'
  }
}
