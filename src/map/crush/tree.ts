/**
 * The CRUSH forest, walked as the original prints it: depth first, children sorted by device class and name.
 * Source: ceph src/crush/CrushTreeDumper.h.
 */
import { type Json, jsonFloat } from '../../base/json.ts'
import { byBytes, byBigint, sortedEntries } from '../../base/ordered.ts'
import { bucketOf, type CrushMap, DEFAULT_CHOOSE_ARGS, itemWeight, WEIGHT_ONE } from './crush-map.ts'
import { isShadowItem } from './location.ts'

export interface TreeItem {
  readonly id: number
  /** 0 for a root. */
  readonly parent: number
  readonly depth: number
  /** 1.0 is one unit. */
  readonly weight: number
  readonly children: readonly number[]
}

export interface TreeOptions {
  /** Begins there instead of at all roots. */
  readonly root?: number
  readonly showShadow?: boolean
  /** Which devices to show; buckets without any shown device are left out. */
  readonly showDevice?: (id: number) => boolean
}

/** Items in the order in which they are printed. */
export const crushTree = (map: CrushMap, options: TreeOptions = {}): readonly TreeItem[] => {
  const roots = options.root === undefined ? rootsOf(map, options.showShadow ?? false) : [options.root]
  return roots
    .filter((root) => isShown(map, options, root))
    .flatMap((root) => walk(map, options, { id: root, parent: 0, depth: 0, weight: bucketWeight(map, root) }))
}

/** Buckets that are in no other, lowest id first. Source: ceph src/crush/CrushWrapper.cc find_roots, find_nonshadow_roots. */
export const rootsOf = (map: CrushMap, withShadow = false): readonly number[] => {
  const contained = new Set(map.buckets.flatMap((bucket) => bucket?.items ?? []))
  return map.buckets
    .flatMap((bucket) => (bucket === undefined ? [] : [bucket.id]))
    .filter((id) => !contained.has(id) && (withShadow || !isShadowItem(map, id)))
    .sort((a, b) => a - b)
}

const bucketWeight = (map: CrushMap, id: number): number => (bucketOf(map, id)?.weight ?? 0) / WEIGHT_ONE

const isShown = (map: CrushMap, options: TreeOptions, id: number): boolean => {
  const { showDevice } = options
  if (showDevice === undefined) return true
  return id >= 0
    ? showDevice(id)
    : (bucketOf(map, id)?.items ?? []).some((item) => isShown(map, options, item))
}

const DIGITS = 8

const sortKey = (map: CrushMap, id: number): string =>
  id >= 0
    ? `${classOfItem(map, id) ?? ''}_osd.${String(id).padStart(DIGITS, '0')}`
    : `_${map.itemNames.get(id) ?? ''}`

/** Name of the device class of an item. */
export const classOfItem = (map: CrushMap, id: number): string | undefined =>
  map.classNames.get(map.deviceClasses.get(id) ?? -1)

const walk = (map: CrushMap, options: TreeOptions, at: Omit<TreeItem, 'children'>): readonly TreeItem[] => {
  const bucket = bucketOf(map, at.id)
  if (at.id >= 0 || bucket === undefined) return [{ ...at, children: [] }]
  const below = bucket.items
    .map((id, position) => ({ id, weight: itemWeight(bucket, position) / WEIGHT_ONE }))
    .filter(({ id }) => isShown(map, options, id))
    .sort((a, b) => byBytes(sortKey(map, a.id), sortKey(map, b.id)))
  return [
    // The original collects them from the back.
    { ...at, children: below.map(({ id }) => id).reverse() },
    ...below.flatMap((item) => walk(map, options, { ...item, parent: at.id, depth: at.depth + 1 })),
  ]
}

/** Names of pools, for the weight sets that belong to one. */
export type WeightSetNames = ReadonlyMap<bigint, string>

/** `(compat)`, the pool's name or its id. */
export const weightSetName = (id: bigint, names: WeightSetNames): string =>
  id === DEFAULT_CHOOSE_ARGS ? '(compat)' : (names.get(id) ?? id.toString())

/** Weights of an item in each weight set that has any for its bucket. */
export const weightSetsOf = (
  map: CrushMap,
  item: TreeItem,
): readonly (readonly [set: bigint, weights: readonly number[]])[] => {
  const bucket = bucketOf(map, item.parent)
  if (item.parent >= 0 || bucket === undefined) return []
  const position = bucket.items.indexOf(item.id)
  return sortedEntries(map.chooseArgs, byBigint).flatMap(([set, args]) => {
    const rows = args.get(-1 - item.parent)?.weightSet ?? []
    return rows.length === 0 ? [] : [[set, rows.map((row) => (row[position] ?? 0) / WEIGHT_ONE)] as const]
  })
}

/** Fields of an item in JSON, up to its children. Source: CrushTreeDumper::dump_item_fields. */
export const treeItemFields = (
  map: CrushMap,
  item: TreeItem,
  names: WeightSetNames,
): readonly (readonly [string, Json])[] => {
  const type = item.id >= 0 ? 0 : (bucketOf(map, item.id)?.type ?? 0)
  const deviceClass = classOfItem(map, item.id)
  return [
    ['id', item.id],
    ...(deviceClass === undefined ? [] : [['device_class', deviceClass] as const]),
    ['name', item.id >= 0 ? `osd.${item.id}` : (map.itemNames.get(item.id) ?? '')],
    ['type', map.typeNames.get(type) ?? ''],
    ['type_id', type],
    ...(item.id >= 0
      ? ([
          ['crush_weight', jsonFloat(Math.fround(item.weight))],
          ['depth', item.depth],
        ] as const)
      : []),
    ...(item.parent < 0 ? [['pool_weights', weightSetsJson(map, item, names)] as const] : []),
  ]
}

const weightSetsJson = (map: CrushMap, item: TreeItem, names: WeightSetNames): Json =>
  new Map(
    weightSetsOf(map, item).map(([set, weights]) => [
      weightSetName(set, names),
      weights.map((weight) => jsonFloat(Math.fround(weight))),
    ]),
  )

/** The children of a bucket in JSON; nothing for a device. */
export const treeItemChildren = (item: TreeItem): readonly (readonly [string, Json])[] =>
  item.id < 0 ? [['children', item.children]] : []

/** A weight in a table: five decimals, a bare 0, `-` for a negative one. Source: ceph src/include/types.h weightf_t. */
export const printWeight = (weight: number): string =>
  weight < -0.01 ? '-' : weight < 0.000001 ? '0' : Math.fround(weight).toFixed(5)
