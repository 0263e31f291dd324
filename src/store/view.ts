/**
 * What the monitor's pure code sees of the store: an immutable, ordered picture of everything that has been
 * written. `apply` gives the next picture and shares almost all of the old one, so a state can hold it by value,
 * the simulator can keep thousands, and no read ever waits for a disk.
 */
import BTreeModule from 'sorted-btree'
import { byBytes } from '../base/ordered.ts'
import { combinedKey, splitKey, u64Of } from './key.ts'
import type { Transaction } from './transaction.ts'

// The package is CommonJS and keeps its class under `default`.
const BTree = BTreeModule.default
type Tree = InstanceType<typeof BTree<string, Buffer>>

// Greater than every key of the prefix: byte 1 follows byte 0.
const PREFIX_END = '\x01'

export class StoreView {
  private readonly tree: Tree

  private constructor(tree: Tree) {
    this.tree = tree
  }

  static readonly empty = new StoreView(new BTree<string, Buffer>(undefined, byBytes))

  /** From combined keys (`prefix \0 key`) and values, in any order. */
  static of(entries: Iterable<readonly [string, Buffer]>): StoreView {
    const tree: Tree = new BTree<string, Buffer>(undefined, byBytes)
    for (const [key, value] of entries) tree.set(key, value)
    return new StoreView(tree)
  }

  get(prefix: string, key: string): Buffer | undefined {
    return this.tree.get(combinedKey(prefix, key))
  }

  has(prefix: string, key: string): boolean {
    return this.tree.has(combinedKey(prefix, key))
  }

  /** A u64 value, 0 when absent. */
  u64(prefix: string, key: string): bigint {
    return u64Of(this.get(prefix, key))
  }

  /** Entries of `prefix` with from ≤ key (and < until), in byte order. */
  *range(prefix: string, from = '', until?: string): Generator<readonly [key: string, value: Buffer]> {
    const end = until === undefined ? prefix + PREFIX_END : combinedKey(prefix, until)
    for (const [combined, value] of this.tree.entries(combinedKey(prefix, from))) {
      if (byBytes(combined, end) >= 0) return
      yield [splitKey(combined)[1], value]
    }
  }

  /** All entries after `prefix`/`key` (from the beginning when undefined), across prefixes. */
  *after(
    position: readonly [prefix: string, key: string] | undefined,
  ): Generator<readonly [prefix: string, key: string, value: Buffer]> {
    const start = position === undefined ? undefined : combinedKey(...position)
    for (const [combined, value] of this.tree.entries(start)) {
      if (combined === start) continue
      const [prefix, key] = splitKey(combined)
      yield [prefix, key, value]
    }
  }

  get size(): number {
    return this.tree.size
  }

  /** The picture after `transaction`; this one stays as it is. */
  apply(transaction: Transaction): StoreView {
    const next = this.tree.clone()
    for (const op of transaction.ops) {
      if (op.type === 'put') next.set(combinedKey(op.prefix, op.key), op.value)
      else if (op.type === 'erase') next.delete(combinedKey(op.prefix, op.key))
      else if (op.type === 'eraseRange')
        next.deleteRange(combinedKey(op.prefix, op.key), combinedKey(op.prefix, op.endKey), false)
    }
    return new StoreView(next)
  }
}
