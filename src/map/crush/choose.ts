/**
 * Choosing several distinct items below a bucket, by depth first (firstn, for copies) or with fixed positions (indep,
 * for shards).
 * Source: ceph src/crush/mapper.c crush_choose_firstn, crush_choose_indep, is_out.
 */
import { chooseByPermutation, chooseFromBucket } from './choose-bucket.ts'
import {
  bucketOf,
  type ChooseArg,
  CRUSH_ITEM_NONE,
  CRUSH_ITEM_UNDEF,
  type CrushBucket,
  type CrushMap,
  WEIGHT_ONE,
} from './crush-map.ts'
import { hash2 } from './hash.ts'

/** What stays the same during one mapping. */
export interface ChooseContext {
  readonly map: CrushMap
  /** By device; 16.16. Devices beyond the end are out. */
  readonly weights: readonly number[]
  readonly x: number
  /** By bucket index. */
  readonly chooseArgs: ReadonlyMap<number, ChooseArg> | undefined
  readonly localRetries: number
  readonly localFallbackRetries: number
  readonly varyR: number
  readonly stable: boolean
}

// A device that is partly in keeps that part of the inputs.
const isOut = ({ weights, x }: ChooseContext, device: number): boolean => {
  const weight = weights[device] ?? 0
  if (weight >= WEIGHT_ONE) return false
  return weight === 0 || (hash2(x, device) & 0xffff) >= weight
}

const argOf = (context: ChooseContext, bucket: CrushBucket): ChooseArg | undefined =>
  context.chooseArgs?.get(-1 - bucket.id)

const typeOf = (map: CrushMap, item: number): number => (item >= 0 ? 0 : (bucketOf(map, item)?.type ?? -1))

/** One call of choose_firstn: what to choose, where it goes, and how often to try. */
export interface Firstn {
  readonly bucket: CrushBucket
  readonly numrep: number
  readonly type: number
  readonly out: number[]
  /** Devices below the chosen items; undefined when the items themselves are wanted. */
  readonly leaves: number[] | undefined
  readonly tries: number
  readonly recurseTries: number
  readonly parentR: number
}

/** Fills `out` from `outpos` on with up to `count` items; gives the new length. */
export const chooseFirstn = (context: ChooseContext, call: Firstn, outpos: number, count: number): number => {
  let filled = outpos
  let room = count
  for (let rep = context.stable ? 0 : outpos; rep < call.numrep && room > 0; rep++) {
    const item = placeCopy(context, call, rep, filled, room)
    if (item === undefined) continue
    call.out[filled] = item
    filled++
    room--
  }
  return filled
}

// One copy, or undefined when it is given up. `ftotal` counts failures, `flocal` those since the last descent.
const placeCopy = (
  context: ChooseContext,
  call: Firstn,
  rep: number,
  outpos: number,
  room: number,
): number | undefined => {
  const { map, x, localRetries, localFallbackRetries } = context
  let ftotal = 0
  for (;;) {
    let bucket = call.bucket
    let flocal = 0
    for (;;) {
      const r = rep + call.parentR + ftotal
      const size = bucket.items.length
      let collide = false
      if (size > 0) {
        const exhaustive = localFallbackRetries > 0 && flocal >= size >> 1 && flocal > localFallbackRetries
        const item = exhaustive
          ? chooseByPermutation(bucket, x, r)
          : chooseFromBucket(bucket, x, r, argOf(context, bucket), outpos)
        if (item >= map.maxDevices) return undefined
        if (typeOf(map, item) !== call.type) {
          const next = item >= 0 ? undefined : bucketOf(map, item)
          if (next === undefined) return undefined
          bucket = next
          continue
        }
        collide = call.out.lastIndexOf(item, outpos - 1) >= 0 && outpos > 0
        if (!collide && isUsable(context, call, item, r, outpos, room)) return item
      }
      ftotal++
      flocal++
      if (collide && flocal <= localRetries) continue
      if (localFallbackRetries > 0 && flocal <= size + localFallbackRetries) continue
      if (ftotal < call.tries) break
      return undefined
    }
  }
}

// An item will do when a device below it, if one is wanted, can be had, and when it is not an out device itself.
const isUsable = (
  context: ChooseContext,
  call: Firstn,
  item: number,
  r: number,
  outpos: number,
  room: number,
): boolean => {
  if (call.leaves !== undefined) {
    const below = bucketOf(context.map, item)
    if (item >= 0 || below === undefined) call.leaves[outpos] = item
    else {
      const leaf: Firstn = {
        bucket: below,
        numrep: context.stable ? 1 : outpos + 1,
        type: 0,
        out: call.leaves,
        leaves: undefined,
        tries: call.recurseTries,
        recurseTries: 0,
        parentR: context.varyR > 0 ? r >> (context.varyR - 1) : 0,
      }
      if (chooseFirstn(context, leaf, outpos, room) <= outpos) return false
    }
  }
  return item < 0 || !isOut(context, item)
}

/** One call of choose_indep. */
export interface Indep {
  readonly bucket: CrushBucket
  readonly numrep: number
  readonly type: number
  readonly out: number[]
  readonly leaves: number[] | undefined
  readonly tries: number
  readonly recurseTries: number
  readonly parentR: number
}

/** Fills `out` from `outpos` on with `count` items, CRUSH_ITEM_NONE where none can be had. */
export const chooseIndep = (context: ChooseContext, call: Indep, outpos: number, count: number): void => {
  const { out, leaves } = call
  const end = outpos + count
  out.fill(CRUSH_ITEM_UNDEF, outpos, end)
  for (let rep = outpos; rep < end; rep++) {
    out[rep] = CRUSH_ITEM_UNDEF
    if (leaves !== undefined) leaves[rep] = CRUSH_ITEM_UNDEF
  }
  let left = count
  for (let ftotal = 0; left > 0 && ftotal < call.tries; ftotal++)
    for (let rep = outpos; rep < end; rep++) {
      if (out[rep] !== CRUSH_ITEM_UNDEF) continue
      const item = placeShard(context, call, rep, ftotal, [outpos, end])
      if (item === undefined) continue
      out[rep] = item
      if (item === CRUSH_ITEM_NONE && leaves !== undefined) leaves[rep] = item
      left--
    }
  for (let rep = outpos; rep < end; rep++) {
    if (out[rep] === CRUSH_ITEM_UNDEF) out[rep] = CRUSH_ITEM_NONE
    if (leaves?.[rep] === CRUSH_ITEM_UNDEF) leaves[rep] = CRUSH_ITEM_NONE
  }
}

// The item of one position: undefined to try again, CRUSH_ITEM_NONE when trying is of no use.
const placeShard = (
  context: ChooseContext,
  call: Indep,
  rep: number,
  ftotal: number,
  [begin, end]: readonly [number, number],
): number | undefined => {
  const { map, x } = context
  let bucket = call.bucket
  for (;;) {
    const size = bucket.items.length
    if (size === 0) return undefined
    // A uniform bucket whose size divides evenly would repeat itself from round to round.
    const stride = bucket.alg === 'uniform' && size % call.numrep === 0 ? call.numrep + 1 : call.numrep
    const r = rep + call.parentR + stride * ftotal
    const item = chooseFromBucket(bucket, x, r, argOf(context, bucket), begin)
    if (item >= map.maxDevices) return CRUSH_ITEM_NONE
    if (typeOf(map, item) !== call.type) {
      const next = item >= 0 ? undefined : bucketOf(map, item)
      if (next === undefined) return CRUSH_ITEM_NONE
      bucket = next
      continue
    }
    for (let i = begin; i < end; i++) if (call.out[i] === item) return undefined
    if (call.leaves !== undefined && !placeLeaf(context, call, item, rep, r)) return undefined
    return item >= 0 && isOut(context, item) ? undefined : item
  }
}

const placeLeaf = (context: ChooseContext, call: Indep, item: number, rep: number, r: number): boolean => {
  const leaves = call.leaves ?? []
  const below = bucketOf(context.map, item)
  if (item >= 0 || below === undefined) {
    leaves[rep] = item
    return true
  }
  const leaf: Indep = {
    bucket: below,
    numrep: call.numrep,
    type: 0,
    out: leaves,
    leaves: undefined,
    tries: call.recurseTries,
    recurseTries: 0,
    parentR: r,
  }
  chooseIndep(context, leaf, rep, 1)
  return leaves[rep] !== CRUSH_ITEM_NONE
}
