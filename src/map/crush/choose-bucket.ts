/**
 * How each kind of bucket picks one of its items for an input and a position.
 * Source: ceph src/crush/mapper.c crush_bucket_choose and what it calls.
 */
import { known } from '../../base/assert.ts'
import type { ChooseArg, CrushBucket } from './crush-map.ts'
import { hash3, hash4 } from './hash.ts'
import { crushLn } from './ln.ts'

type BucketOf<Alg extends CrushBucket['alg']> = Extract<CrushBucket, { readonly alg: Alg }>

const itemAt = (bucket: CrushBucket, index: number): number =>
  known(bucket.items[index], `item ${index} of bucket ${bucket.id}`)

/**
 * The item that `bucket`, which must not be empty, picks for input `x` and position `r`. `arg` stands in for the
 * weights and ids of a straw2 bucket; `position` says which row of its weight set.
 */
export const chooseFromBucket = (
  bucket: CrushBucket,
  x: number,
  r: number,
  arg: ChooseArg | undefined,
  position: number,
): number => {
  switch (bucket.alg) {
    case 'uniform':
      return chooseByPermutation(bucket, x, r)
    case 'list':
      return chooseFromList(bucket, x, r)
    case 'tree':
      return chooseFromTree(bucket, x, r)
    case 'straw':
      return chooseByStraw(bucket, x, r)
    case 'straw2':
      return chooseByStraw2(bucket, x, r, arg, position)
  }
}

/** The item at place `r` of the bucket's pseudo-random permutation for `x`: every item comes once in a round. */
export const chooseByPermutation = (bucket: CrushBucket, x: number, r: number): number => {
  const size = bucket.items.length
  const wanted = r % size
  const order = [...bucket.items.keys()]
  for (let p = 0; p <= wanted && p < size - 1; p++) {
    const other = p + (hash3(x, bucket.id, p) % (size - p))
    ;[order[p], order[other]] = [order[other] ?? 0, order[p] ?? 0]
  }
  return itemAt(bucket, order[wanted] ?? 0)
}

// From the newest item to the oldest: each is taken with its share of the weight up to it.
const chooseFromList = (bucket: BucketOf<'list'>, x: number, r: number): number => {
  for (let i = bucket.items.length - 1; i >= 0; i--) {
    const draw = hash4(x, itemAt(bucket, i), r, bucket.id) & 0xffff
    const scaled = Math.floor((draw * (bucket.sumWeights[i] ?? 0)) / 0x10000)
    if (scaled < (bucket.itemWeights[i] ?? 0)) return itemAt(bucket, i)
  }
  return itemAt(bucket, 0)
}

// Nodes are numbered in order: leaves are odd, and a node's height is its number of trailing zero bits.
const chooseFromTree = (bucket: BucketOf<'tree'>, x: number, r: number): number => {
  const weightOf = (node: number): number => bucket.nodeWeights[node] ?? 0
  let node = bucket.nodeWeights.length >> 1
  while (node > 0 && node % 2 === 0) {
    const hash = hash4(x, node, r, bucket.id)
    const point = Number((BigInt(hash) * BigInt(weightOf(node))) >> 32n)
    const step = (node & -node) >> 1
    node = point < weightOf(node - step) ? node - step : node + step
  }
  return itemAt(bucket, node >> 1)
}

const chooseByStraw = (bucket: BucketOf<'straw'>, x: number, r: number): number => {
  let best = 0
  let bestDraw = -1
  bucket.items.forEach((item, i) => {
    const draw = (hash3(x, item, r) & 0xffff) * (bucket.straws[i] ?? 0)
    if (draw > bestDraw) {
      best = i
      bestDraw = draw
    }
  })
  return itemAt(bucket, best)
}

// The longest of exponentially distributed straws, scaled by weight. A quotient of doubles is exact enough to be cut:
// it is further from an integer than its error.
const chooseByStraw2 = (
  bucket: BucketOf<'straw2'>,
  x: number,
  r: number,
  arg: ChooseArg | undefined,
  position: number,
): number => {
  const rows = arg?.weightSet ?? []
  const weights = rows[Math.min(position, rows.length - 1)] ?? bucket.itemWeights
  const ids = arg !== undefined && arg.ids.length > 0 ? arg.ids : bucket.items
  let best = 0
  let bestDraw = -Infinity
  for (let i = 0; i < bucket.items.length; i++) {
    const weight = weights[i] ?? 0
    if (weight === 0) continue
    const draw = Math.trunc(crushLn(hash3(x, ids[i] ?? 0, r) & 0xffff) / weight)
    if (draw > bestDraw) {
      best = i
      bestDraw = draw
    }
  }
  return itemAt(bucket, best)
}
