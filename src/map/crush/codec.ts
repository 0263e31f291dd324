/**
 * Bytes of a CRUSH map. It has no version header: what a short map lacks at its end has the legacy value.
 *
 * Grammar: u32 magic, i32 slots for buckets, u32 slots for rules, i32 max_devices, bucket slots, rule slots,
 *          map i32 → string of types, of items, of rules, tunables, classes, choose_args
 *          bucket = u32 0 | u32 alg, i32 id, u16 type, u8 alg, u8 hash, u32 weight, u32 size, i32 items, then by alg
 *          rule   = u32 0 | u32 1, u32 steps, u8 ruleset, u8 type, u8 min_size, u8 max_size, steps { u32 op, i32, i32 }
 * Source: ceph src/crush/CrushWrapper.cc CrushWrapper::encode, decode, decode_crush_bucket.
 */
import { byBigint, byNumber } from '../../base/ordered.ts'
import type { Reader } from '../../codec/reader.ts'
import { encoded, type Writer } from '../../codec/writer.ts'
import {
  BUCKET_ALG,
  type BucketAlg,
  type ChooseArg,
  type CrushBucket,
  type CrushMap,
  type CrushRule,
  type CrushTunables,
  maxDevicesOf,
  TUNABLES_LEGACY,
} from './crush-map.ts'

const CRUSH_MAGIC = 0x00010000
const BYTES_PER_SLOT_MIN = 4
const BYTES_PER_WEIGHT = 4

export const decodeCrushMap = (r: Reader): CrushMap => {
  const magic = r.u32()
  if (magic !== CRUSH_MAGIC) r.bad(`CRUSH magic ${magic}`)
  const bucketSlots = r.i32()
  const ruleSlots = r.u32()
  r.i32()
  const buckets = slots(r, bucketSlots, decodeBucket)
  const rules = slots(r, ruleSlots, decodeRule)
  const typeNames = decodeNames(r)
  const itemNames = decodeNames(r)
  const ruleNames = decodeNames(r)
  const tunables = decodeTunables(r)
  const more = r.remaining > 0
  const deviceClasses = more ? r.map(r.i32, r.i32) : new Map<number, number>()
  const classNames = more ? r.map(r.i32, r.string) : new Map<number, string>()
  const classBuckets = more
    ? r.map(r.i32, (item) => item.map(item.i32, item.i32))
    : new Map<number, Map<number, number>>()
  const chooseArgs =
    r.remaining > 0
      ? r.map(r.i64, (item) => decodeChooseArgs(item, buckets))
      : new Map<bigint, Map<number, ChooseArg>>()
  return {
    // What is written does not count: the original looks at buckets and names anew.
    maxDevices: Math.max(maxDevicesOf(buckets), 1 + Math.max(-1, ...itemNames.keys())),
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

const slots = <A>(r: Reader, count: number, slot: (r: Reader) => A | undefined): (A | undefined)[] => {
  if (count < 0 || count * BYTES_PER_SLOT_MIN > r.remaining) {
    r.fail({ _tag: 'TooManyElements', at: r.offset, count, have: r.remaining })
    return []
  }
  const out: (A | undefined)[] = []
  for (let left = count; left > 0 && !r.failed; left--) out.push(slot(r))
  return out
}

// As `Reader.array`, for a count that was read before.
const numbers = (r: Reader, count: number, item: () => number): number[] => {
  if (count * BYTES_PER_WEIGHT > r.remaining) {
    r.fail({ _tag: 'TooManyElements', at: r.offset, count, have: r.remaining })
    return []
  }
  return Array.from({ length: count }, item)
}

const ALG_NAMES: ReadonlyMap<number, BucketAlg> = new Map(
  (Object.keys(BUCKET_ALG) as BucketAlg[]).map((name) => [BUCKET_ALG[name], name]),
)

const decodeBucket = (r: Reader): CrushBucket | undefined => {
  const slotAlg = r.u32()
  if (slotAlg === 0) return undefined
  const id = r.i32()
  const type = r.u16()
  const algNumber = r.u8()
  const hash = r.u8()
  const weight = r.u32()
  const size = r.u32()
  const items = numbers(r, size, r.i32)
  const alg = ALG_NAMES.get(algNumber)
  if (alg === undefined || slotAlg !== algNumber) r.bad(`CRUSH bucket algorithm ${slotAlg}/${algNumber}`)
  const base = { id, type, hash, weight, items }
  switch (alg) {
    case undefined:
      return undefined
    case 'uniform':
      return { ...base, alg, itemWeight: r.u32() }
    case 'list': {
      const [itemWeights, sumWeights] = pairs(r, size)
      return { ...base, alg, itemWeights, sumWeights }
    }
    case 'tree':
      return { ...base, alg, nodeWeights: numbers(r, r.u8(), r.u32) }
    case 'straw': {
      const [itemWeights, straws] = pairs(r, size)
      return { ...base, alg, itemWeights, straws }
    }
    case 'straw2':
      return { ...base, alg, itemWeights: numbers(r, size, r.u32) }
  }
}

const pairs = (r: Reader, count: number): readonly [number[], number[]] => {
  const flat = numbers(r, count * 2, r.u32)
  return [flat.filter((_, i) => i % 2 === 0), flat.filter((_, i) => i % 2 === 1)]
}

const decodeRule = (r: Reader): CrushRule | undefined => {
  if (r.u32() === 0) return undefined
  const stepCount = r.u32()
  const mask = { ruleset: r.u8(), type: r.u8(), minSize: r.u8(), maxSize: r.u8() }
  const flat = numbers(r, stepCount * 3, r.i32)
  const steps = Array.from({ length: flat.length / 3 }, (_, i) => ({
    op: (flat[3 * i] ?? 0) >>> 0,
    arg1: flat[3 * i + 1] ?? 0,
    arg2: flat[3 * i + 2] ?? 0,
  }))
  return { ...mask, steps }
}

// A writer of old wrote 64-bit keys: the upper half then reads as an empty name, and the length follows.
const decodeNames = (r: Reader): Map<number, string> =>
  r.map(r.i32, (item) => {
    const name = item.string()
    return name === '' ? item.string() : name
  })

const decodeTunables = (r: Reader): CrushTunables => {
  const legacy = TUNABLES_LEGACY
  const some = r.remaining > 0
  const next = (read: () => number, otherwise: number): number => (r.remaining > 0 ? read() : otherwise)
  return {
    chooseLocalTries: some ? r.u32() : legacy.chooseLocalTries,
    chooseLocalFallbackTries: some ? r.u32() : legacy.chooseLocalFallbackTries,
    chooseTotalTries: some ? r.u32() : legacy.chooseTotalTries,
    chooseleafDescendOnce: next(r.u32, legacy.chooseleafDescendOnce),
    chooseleafVaryR: next(r.u8, legacy.chooseleafVaryR),
    strawCalcVersion: next(r.u8, legacy.strawCalcVersion),
    allowedBucketAlgs: next(r.u32, legacy.allowedBucketAlgs),
    chooseleafStable: next(r.u8, legacy.chooseleafStable),
  }
}

const decodeChooseArgs = (
  r: Reader,
  buckets: readonly (CrushBucket | undefined)[],
): Map<number, ChooseArg> => {
  const args = r.map(r.u32, (item) => ({
    weightSet: item.array((row) => row.array(row.u32)),
    ids: item.array(item.i32),
  }))
  const positions = Math.max(0, ...[...args.values()].map((arg) => arg.weightSet.length))
  const kept = new Map<number, ChooseArg>()
  for (const [index, arg] of args) {
    const bucket = buckets[index]
    if (index >= buckets.length) r.bad(`choose_args of bucket index ${index}`)
    if (bucket?.alg !== 'straw2') continue
    if (arg.ids.length > 0 && arg.ids.length !== bucket.items.length) r.bad(`choose_args ids of ${index}`)
    kept.set(index, arg.weightSet.length === positions ? { ...arg, weightSet: fitted(arg, bucket) } : arg)
  }
  return kept
}

// A row must have a weight for each item: Ceph repairs rows that have not when it decodes.
const fitted = (arg: ChooseArg, bucket: CrushBucket): readonly (readonly number[])[] =>
  arg.weightSet.map((row) => bucket.items.map((_, i) => row[i] ?? 0))

export const encodeCrushMap = (w: Writer, map: CrushMap): void => {
  w.u32(CRUSH_MAGIC)
  w.i32(map.buckets.length)
  w.u32(map.rules.length)
  w.i32(map.maxDevices)
  for (const bucket of map.buckets) encodeBucket(w, bucket)
  for (const rule of map.rules) encodeRule(w, rule)
  for (const names of [map.typeNames, map.itemNames, map.ruleNames]) encodeNames(w, names)
  encodeTunables(w, map.tunables)
  w.map(map.deviceClasses, byNumber, i32, i32)
  encodeNames(w, map.classNames)
  w.map(map.classBuckets, byNumber, i32, (out, shadows) => out.map(shadows, byNumber, i32, i32))
  w.map(map.chooseArgs, byBigint, (out, id) => out.i64(id), encodeChooseArgs)
}

const i32 = (w: Writer, n: number): void => w.i32(n)
const u32 = (w: Writer, n: number): void => w.u32(n)

const encodeNames = (w: Writer, names: ReadonlyMap<number, string>): void =>
  w.map(names, byNumber, i32, (out, name) => out.string(name))

const encodeBucket = (w: Writer, bucket: CrushBucket | undefined): void => {
  if (bucket === undefined) return void w.u32(0)
  const alg = BUCKET_ALG[bucket.alg]
  w.u32(alg)
  w.i32(bucket.id)
  w.u16(bucket.type)
  w.u8(alg)
  w.u8(bucket.hash)
  w.u32(bucket.weight)
  w.array(bucket.items, i32)
  switch (bucket.alg) {
    case 'uniform':
      return void w.u32(bucket.itemWeight)
    case 'list':
      return void encodePairs(w, bucket.itemWeights, bucket.sumWeights)
    case 'tree':
      w.u8(bucket.nodeWeights.length)
      return void bucket.nodeWeights.forEach(w.u32)
    case 'straw':
      return void encodePairs(w, bucket.itemWeights, bucket.straws)
    case 'straw2':
      return void bucket.itemWeights.forEach(w.u32)
  }
}

const encodePairs = (w: Writer, a: readonly number[], b: readonly number[]): void =>
  a.forEach((n, i) => {
    w.u32(n)
    w.u32(b[i] ?? 0)
  })

const encodeRule = (w: Writer, rule: CrushRule | undefined): void => {
  w.u32(rule === undefined ? 0 : 1)
  if (rule === undefined) return
  w.u32(rule.steps.length)
  w.u8(rule.ruleset)
  w.u8(rule.type)
  w.u8(rule.minSize)
  w.u8(rule.maxSize)
  for (const { op, arg1, arg2 } of rule.steps) {
    w.u32(op)
    w.i32(arg1)
    w.i32(arg2)
  }
}

const encodeTunables = (w: Writer, t: CrushTunables): void => {
  w.u32(t.chooseLocalTries)
  w.u32(t.chooseLocalFallbackTries)
  w.u32(t.chooseTotalTries)
  w.u32(t.chooseleafDescendOnce)
  w.u8(t.chooseleafVaryR)
  w.u8(t.strawCalcVersion)
  w.u32(t.allowedBucketAlgs)
  w.u8(t.chooseleafStable)
}

const encodeChooseArgs = (w: Writer, args: ReadonlyMap<number, ChooseArg>): void => {
  const filled = new Map([...args].filter(([, arg]) => arg.weightSet.length > 0 || arg.ids.length > 0))
  w.map(filled, byNumber, u32, (out, arg) => {
    out.array(arg.weightSet, (row, weights) => row.array(weights, u32))
    out.array(arg.ids, i32)
  })
}

/** Bytes of a whole map, as `ceph osd getcrushmap` gives them. */
export const crushMapBytes = (map: CrushMap): Buffer => encoded((w) => encodeCrushMap(w, map))
