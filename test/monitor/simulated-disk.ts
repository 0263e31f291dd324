/**
 * A disk that loses power: writes complete in order and later than they were ordered, a durable one takes all before
 * it with it, and of the rest a crash leaves any beginning.
 */
import { known } from '../../src/base/assert.ts'
import type { Transaction } from '../../src/store/transaction.ts'
import { StoreView } from '../../src/store/view.ts'
import type { Random } from '../paxos/random.ts'

export interface DiskWrite {
  readonly write: number
  readonly transaction: Transaction
  readonly durable: boolean
}

export class SimulatedDisk {
  /** What a crash cannot take away. */
  private synced: StoreView
  /** Completed and not synced. */
  private cached: Transaction[] = []
  private ordered: DiskWrite[] = []

  constructor(synced: StoreView) {
    this.synced = synced
  }

  order(write: DiskWrite): void {
    this.ordered.push(write)
  }

  /** The oldest write that is under way completes. */
  complete(): DiskWrite {
    const done = known(this.ordered.shift(), 'a write under way')
    this.cached.push(done.transaction)
    if (done.durable) this.sync()
    return done
  }

  /** The power fails: what a start finds afterwards. */
  crash(random: Random): StoreView {
    const uncertain = [...this.cached, ...this.ordered.map(({ transaction }) => transaction)]
    this.cached = uncertain.slice(0, random.below(uncertain.length + 1))
    this.ordered = []
    this.sync()
    return this.synced
  }

  private sync(): void {
    this.synced = this.cached.reduce((view, transaction) => view.apply(transaction), this.synced)
    this.cached = []
  }
}
