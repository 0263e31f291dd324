/**
 * A CRUSH map while it is being edited. Only this folder and those who edit maps hold one, and only within one
 * function: what goes in and what comes out are immutable maps.
 *
 * Differs: only straw2 buckets can be changed. The older kinds have not been made by default since Hammer; a change
 *          of one is refused with `ENOTSUP`.
 * Source: ceph src/crush/builder.c, CrushWrapper.cc.
 */
import { known } from '../../base/assert.ts'
import {
  type ChooseArg,
  CRUSH_HASH_RJENKINS1,
  type CrushBucket,
  type CrushMap,
  type CrushRule,
  type CrushTunables,
  itemWeight,
} from './crush-map.ts'

export type CrushEditError = 'EINVAL' | 'ENOENT' | 'EEXIST' | 'ENOTEMPTY' | 'EBUSY' | 'ELOOP' | 'ENOTSUP'

// Slots are added eight at first, then by doubling.
const SLOTS_INITIAL = 8

type Straw2 = Extract<CrushBucket, { readonly alg: 'straw2' }>

export class CrushDraft {
  maxDevices: number
  readonly buckets: (CrushBucket | undefined)[]
  readonly rules: (CrushRule | undefined)[]
  readonly typeNames: ReadonlyMap<number, string>
  readonly itemNames: Map<number, string>
  readonly ruleNames: Map<number, string>
  tunables: CrushTunables
  readonly deviceClasses: Map<number, number>
  readonly classNames: Map<number, string>
  classBuckets: Map<number, Map<number, number>>
  readonly chooseArgs: Map<bigint, Map<number, ChooseArg>>

  constructor(map: CrushMap) {
    this.maxDevices = map.maxDevices
    this.buckets = [...map.buckets]
    this.rules = [...map.rules]
    this.typeNames = map.typeNames
    this.itemNames = new Map(map.itemNames)
    this.ruleNames = new Map(map.ruleNames)
    this.tunables = map.tunables
    this.deviceClasses = new Map(map.deviceClasses)
    this.classNames = new Map(map.classNames)
    this.classBuckets = new Map([...map.classBuckets].map(([id, classes]) => [id, new Map(classes)]))
    this.chooseArgs = new Map([...map.chooseArgs].map(([id, args]) => [id, new Map(args)]))
  }

  /** The map as it is now. */
  done(): CrushMap {
    const { maxDevices, buckets, rules, typeNames, itemNames, ruleNames, tunables } = this
    const { deviceClasses, classNames, classBuckets, chooseArgs } = this
    return {
      maxDevices,
      buckets,
      rules,
      typeNames,
      itemNames,
      ruleNames,
      tunables,
      deviceClasses,
      classNames,
      classBuckets,
      chooseArgs,
    }
  }

  /** An empty name cannot be stored: who decodes it takes it for the upper half of a 64-bit key. */
  hasEmptyName(): boolean {
    return [this.itemNames, this.ruleNames, this.classNames].some((names) => [...names.values()].includes(''))
  }

  bucket(id: number): CrushBucket | undefined {
    return id < 0 ? this.buckets[-1 - id] : undefined
  }

  idOfName(name: string): number | undefined {
    for (const [id, known] of this.itemNames) if (known === name) return id
    return undefined
  }

  /** Buckets that hold `item`, lowest index first. */
  holdersOf(item: number): readonly CrushBucket[] {
    return this.buckets.filter((bucket) => bucket?.items.includes(item) === true) as CrushBucket[]
  }

  /** Whether every bucket that holds `item`, or is one of `ids`, can be changed. */
  canChange(ids: readonly number[]): boolean {
    return ids.every((id) => {
      const bucket = this.bucket(id)
      return bucket === undefined || bucket.alg === 'straw2'
    })
  }

  /** A new straw2 bucket; `id` 0 takes the first free slot. The items come with weight 0. */
  addBucket(type: number, items: readonly number[], id = 0): number {
    let slot = id === 0 ? this.buckets.findIndex((bucket) => bucket === undefined) : -1 - id
    if (slot < 0) slot = this.buckets.length
    while (slot >= this.buckets.length) this.grow()
    const bucket: Straw2 = {
      id: -1 - slot,
      type,
      alg: 'straw2',
      hash: CRUSH_HASH_RJENKINS1,
      weight: 0,
      items,
      itemWeights: items.map(() => 0),
    }
    this.buckets[slot] = bucket
    if (items.length > 0)
      for (const args of this.chooseArgs.values()) {
        const positions = Math.max(0, ...[...args.values()].map(({ weightSet }) => weightSet.length))
        args.set(slot, { weightSet: Array.from({ length: positions }, () => bucket.itemWeights), ids: [] })
      }
    return bucket.id
  }

  private grow(): void {
    const target = this.buckets.length === 0 ? SLOTS_INITIAL : this.buckets.length * 2
    while (this.buckets.length < target) this.buckets.push(undefined)
  }

  /** Takes a bucket and all that is said of it away; items stay where they are. */
  dropBucket(id: number): void {
    this.buckets[-1 - id] = undefined
    this.itemNames.delete(id)
    this.classBuckets.delete(id)
    this.deviceClasses.delete(id)
    for (const args of this.chooseArgs.values()) args.delete(-1 - id)
  }

  private straw2(id: number): Straw2 {
    const bucket = known(this.bucket(id), `CRUSH bucket ${id}`)
    known(bucket.alg === 'straw2' || undefined, `a straw2 bucket instead of ${bucket.alg}`)
    return bucket as Straw2
  }

  /** Adds an item at the end of a bucket, in its weight sets too. */
  addItem(bucketId: number, item: number, weight: number): void {
    const bucket = this.straw2(bucketId)
    this.buckets[-1 - bucketId] = {
      ...bucket,
      items: [...bucket.items, item],
      itemWeights: [...bucket.itemWeights, weight],
      weight: bucket.weight + weight,
    }
    this.changeArgs(bucketId, ({ weightSet, ids }) => ({
      weightSet: weightSet.map((row) => [...row, weight]),
      ids: ids.length === 0 ? ids : [...ids, item],
    }))
  }

  /** Removes the first occurrence of an item. */
  removeItem(bucketId: number, item: number): void {
    const bucket = this.straw2(bucketId)
    const position = bucket.items.indexOf(item)
    const without = <A>(list: readonly A[]): readonly A[] => list.filter((_, i) => i !== position)
    this.buckets[-1 - bucketId] = {
      ...bucket,
      items: without(bucket.items),
      itemWeights: without(bucket.itemWeights),
      weight: bucket.weight - (bucket.itemWeights[position] ?? 0),
    }
    this.changeArgs(bucketId, ({ weightSet, ids }) => ({
      weightSet: weightSet.map(without),
      ids: without(ids),
    }))
  }

  private changeArgs(bucketId: number, change: (arg: ChooseArg) => ChooseArg): void {
    for (const args of this.chooseArgs.values()) {
      const arg = args.get(-1 - bucketId)
      if (arg !== undefined) args.set(-1 - bucketId, change(arg))
    }
  }

  /**
   * Sets the weight of an item in one bucket, and of the buckets above to the sums below them. With `weightSets` the
   * bucket's weight sets get it too. False when the item is not there.
   */
  setWeight(bucketId: number, item: number, weight: number, weightSets: boolean): boolean {
    const bucket = this.bucket(bucketId)
    const position = bucket?.items.indexOf(item) ?? -1
    if (bucket === undefined || position < 0) return false
    const replaced = (row: readonly number[]): readonly number[] => row.with(position, weight)
    const straw2 = this.straw2(bucketId)
    const old = itemWeight(bucket, position)
    this.buckets[-1 - bucketId] = {
      ...straw2,
      itemWeights: replaced(straw2.itemWeights),
      weight: straw2.weight + weight - old,
    }
    if (weightSets) this.changeArgs(bucketId, (arg) => ({ ...arg, weightSet: arg.weightSet.map(replaced) }))
    this.raiseWeight(bucketId)
    this.raiseWeightSets(bucketId)
    return true
  }

  // The bucket's own weight in the buckets that hold it, and so on to the roots.
  private raiseWeight(bucketId: number): void {
    const { weight } = this.straw2(bucketId)
    for (const holder of this.holdersOf(bucketId)) this.setWeight(holder.id, bucketId, weight, false)
  }

  // The sum of each row of a bucket's weight set is the bucket's weight in the row of the bucket that holds it.
  private raiseWeightSets(bucketId: number): void {
    for (const args of this.chooseArgs.values()) {
      const rows = args.get(-1 - bucketId)?.weightSet ?? []
      const sums = rows.map((row) => row.reduce((sum, weight) => sum + weight, 0))
      if (sums.length === 0) continue
      for (const holder of this.holdersOf(bucketId)) {
        const arg = args.get(-1 - holder.id)
        if (arg === undefined || arg.weightSet.length === 0) continue
        const position = holder.items.indexOf(bucketId)
        args.set(-1 - holder.id, {
          ...arg,
          weightSet: arg.weightSet.map((row, i) => row.with(position, sums[i] ?? sums[0] ?? 0)),
        })
      }
    }
  }

  /** Whether `item` is `root` or below it. */
  contains(root: number, item: number): boolean {
    return root === item || (this.bucket(root)?.items.some((child) => this.contains(child, item)) ?? false)
  }
}
