/**
 * The CRUSH map as a value: a forest of weighted buckets over devices, and the rules that choose from it.
 * Buckets have negative ids (index = -1 - id), devices have ids from 0. Weights are 16.16 fixed point.
 * Source: ceph src/crush/crush.h, CrushWrapper.h.
 */

export const BUCKET_ALG = { uniform: 1, list: 2, tree: 3, straw: 4, straw2: 5 } as const
export type BucketAlg = keyof typeof BUCKET_ALG

export const RULE_OP = {
  noop: 0,
  take: 1,
  choose_firstn: 2,
  choose_indep: 3,
  emit: 4,
  chooseleaf_firstn: 6,
  chooseleaf_indep: 7,
  set_choose_tries: 8,
  set_chooseleaf_tries: 9,
  set_choose_local_tries: 10,
  set_choose_local_fallback_tries: 11,
  set_chooseleaf_vary_r: 12,
  set_chooseleaf_stable: 13,
} as const

/** 1.0 as a 16.16 weight. */
export const WEIGHT_ONE = 0x10000
/** An item that is none: a hole in the result of an indep rule. */
export const CRUSH_ITEM_NONE = 0x7fffffff
/** A position that an indep rule has not filled yet. */
export const CRUSH_ITEM_UNDEF = 0x7ffffffe
export const CRUSH_HASH_RJENKINS1 = 0

interface BucketBase {
  readonly id: number
  /** Key of the map's type names; a device's type is 0. */
  readonly type: number
  /** CRUSH_HASH_RJENKINS1. */
  readonly hash: number
  readonly weight: number
  readonly items: readonly number[]
}

export type CrushBucket =
  | (BucketBase & { readonly alg: 'uniform'; readonly itemWeight: number })
  | (BucketBase & {
      readonly alg: 'list'
      readonly itemWeights: readonly number[]
      readonly sumWeights: readonly number[]
    })
  | (BucketBase & { readonly alg: 'tree'; readonly nodeWeights: readonly number[] })
  | (BucketBase & {
      readonly alg: 'straw'
      readonly itemWeights: readonly number[]
      readonly straws: readonly number[]
    })
  | (BucketBase & { readonly alg: 'straw2'; readonly itemWeights: readonly number[] })

export interface CrushRuleStep {
  /** One of RULE_OP. */
  readonly op: number
  readonly arg1: number
  readonly arg2: number
}

export interface CrushRule {
  /** Legacy: the rule's own id since Luminous. */
  readonly ruleset: number
  /** Pool type: 1 replicated, 3 erasure. */
  readonly type: number
  readonly minSize: number
  readonly maxSize: number
  readonly steps: readonly CrushRuleStep[]
}

export interface CrushTunables {
  readonly chooseLocalTries: number
  readonly chooseLocalFallbackTries: number
  readonly chooseTotalTries: number
  readonly chooseleafDescendOnce: number
  readonly chooseleafVaryR: number
  readonly strawCalcVersion: number
  /** Bit mask, 1 << BUCKET_ALG. */
  readonly allowedBucketAlgs: number
  readonly chooseleafStable: number
}

/** Weights, and sometimes ids, that stand in for a straw2 bucket's own while mapping. */
export interface ChooseArg {
  /** One row of item weights a position of the result; the last row serves all later positions. */
  readonly weightSet: readonly (readonly number[])[]
  readonly ids: readonly number[]
}

export interface CrushMap {
  /** One more than the greatest device id; devices that are named but in no bucket count. */
  readonly maxDevices: number
  /** By index -1 - id. */
  readonly buckets: readonly (CrushBucket | undefined)[]
  /** By rule id. */
  readonly rules: readonly (CrushRule | undefined)[]
  readonly typeNames: ReadonlyMap<number, string>
  /** Of buckets and devices. */
  readonly itemNames: ReadonlyMap<number, string>
  readonly ruleNames: ReadonlyMap<number, string>
  readonly tunables: CrushTunables
  /** Device → class. */
  readonly deviceClasses: ReadonlyMap<number, number>
  readonly classNames: ReadonlyMap<number, string>
  /** Bucket → class → the shadow bucket that holds only devices of that class. */
  readonly classBuckets: ReadonlyMap<number, ReadonlyMap<number, number>>
  /** Pool id, or DEFAULT_CHOOSE_ARGS → bucket index → weights. */
  readonly chooseArgs: ReadonlyMap<bigint, ReadonlyMap<number, ChooseArg>>
}

/** Key of the choose_args that all pools without their own use. */
export const DEFAULT_CHOOSE_ARGS = -1n

/** The tunables profile of Jewel and later, Ceph's default. */
export const TUNABLES_JEWEL: CrushTunables = {
  chooseLocalTries: 0,
  chooseLocalFallbackTries: 0,
  chooseTotalTries: 50,
  chooseleafDescendOnce: 1,
  chooseleafVaryR: 1,
  strawCalcVersion: 1,
  allowedBucketAlgs:
    (1 << BUCKET_ALG.uniform) | (1 << BUCKET_ALG.list) | (1 << BUCKET_ALG.straw) | (1 << BUCKET_ALG.straw2),
  chooseleafStable: 1,
}

/** What maps that say nothing of tunables mean. */
export const TUNABLES_LEGACY: CrushTunables = {
  chooseLocalTries: 2,
  chooseLocalFallbackTries: 5,
  chooseTotalTries: 19,
  chooseleafDescendOnce: 0,
  chooseleafVaryR: 0,
  strawCalcVersion: 0,
  allowedBucketAlgs: (1 << BUCKET_ALG.uniform) | (1 << BUCKET_ALG.list) | (1 << BUCKET_ALG.straw),
  chooseleafStable: 0,
}

/** The bucket of a (negative) id. */
export const bucketOf = (map: CrushMap, id: number): CrushBucket | undefined => map.buckets[-1 - id]

/** Weight of the item at `position` of `bucket`. Source: ceph src/crush/crush.c crush_get_bucket_item_weight. */
export const itemWeight = (bucket: CrushBucket, position: number): number => {
  switch (bucket.alg) {
    case 'uniform':
      return bucket.itemWeight
    case 'tree':
      return bucket.nodeWeights[treeNode(position)] ?? 0
    case 'list':
    case 'straw':
    case 'straw2':
      return bucket.itemWeights[position] ?? 0
  }
}

/** Index of the leaf at `position` in the node array of a tree bucket. Source: ceph src/crush/crush.h crush_calc_tree_node. */
const treeNode = (position: number): number => ((position + 1) << 1) - 1

/** One more than the greatest device in any bucket. Source: ceph src/crush/builder.c crush_finalize. */
export const maxDevicesOf = (buckets: CrushMap['buckets']): number => {
  let max = 0
  for (const bucket of buckets) for (const item of bucket?.items ?? []) if (item >= max) max = item + 1
  return max
}
