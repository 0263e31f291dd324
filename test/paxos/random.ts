/** Seeded random numbers: mulberry32. The same seed gives the same run on every machine. */
export class Random {
  private seed: number

  constructor(seed: number) {
    this.seed = seed >>> 0
  }

  /** 0 ≤ result < 1. */
  next(): number {
    this.seed = (this.seed + 0x6d2b79f5) >>> 0
    let t = this.seed
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  /** 0 ≤ result < n. */
  below(n: number): number {
    return Math.floor(this.next() * n)
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<A>(items: readonly A[]): A {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new Error('picked from nothing')
    return item
  }

  shuffled<A>(items: readonly A[]): A[] {
    const copy = [...items]
    for (let i = copy.length - 1; i > 0; i--) {
      const j = this.below(i + 1)
      const [a, b] = [copy[i] as A, copy[j] as A]
      copy[i] = b
      copy[j] = a
    }
    return copy
  }
}
