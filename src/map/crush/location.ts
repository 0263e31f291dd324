/**
 * Where an item is in the CRUSH forest.
 * Source: ceph src/crush/CrushWrapper.cc CrushWrapper::get_immediate_parent, get_full_location_ordered.
 */
import { byBytes } from '../../base/ordered.ts'
import { bucketOf, type CrushBucket, type CrushMap } from './crush-map.ts'

/** Shadow buckets hold one device class of a real bucket; their names are `host~ssd`. */
export const isShadowItem = (map: CrushMap, id: number): boolean =>
  map.itemNames.get(id)?.includes('~') ?? false

/** The bucket, of the lowest index, that holds `id`. */
export const parentOf = (map: CrushMap, id: number): CrushBucket | undefined =>
  map.buckets.find((bucket) => bucket?.items.includes(id) === true && !isShadowItem(map, bucket.id))

/** Type and name of every bucket above `id`, nearest first. */
export const locationOf = (map: CrushMap, id: number): readonly (readonly [type: string, name: string])[] => {
  const path: [string, string][] = []
  for (let at = parentOf(map, id); at !== undefined; at = parentOf(map, at.id))
    path.push([map.typeNames.get(at.type) ?? '', map.itemNames.get(at.id) ?? ''])
  return path
}

/** `root=default,host=a`. */
export const printLocation = (map: CrushMap, id: number): string =>
  [...locationOf(map, id)]
    .reverse()
    .map(([type, name]) => `${type}=${name}`)
    .join(',')

/** Type → name of the buckets above `id`, by type name. */
export const locationMap = (map: CrushMap, id: number): ReadonlyMap<string, string> =>
  new Map([...locationOf(map, id)].sort(([a], [b]) => byBytes(a, b)))

/** Id of the item called `name`. */
export const itemIdOfName = (map: CrushMap, name: string): number | undefined => {
  for (const [id, known] of map.itemNames) if (known === name) return id
  return undefined
}

/** Devices at or below `id`, lowest first. Source: CrushWrapper::get_leaves. */
export const devicesUnder = (map: CrushMap, id: number): readonly number[] =>
  [...new Set(collectDevices(map, id))].sort((a, b) => a - b)

const collectDevices = (map: CrushMap, id: number): readonly number[] =>
  id >= 0 ? [id] : (bucketOf(map, id)?.items ?? []).flatMap((item) => collectDevices(map, item))

/** Type of an item: a device is 0. */
export const typeOfItem = (map: CrushMap, id: number): number =>
  id >= 0 ? 0 : (bucketOf(map, id)?.type ?? 0)

/** The greatest type number that has a name. */
export const maxTypeOf = (map: CrushMap): number => Math.max(0, ...map.typeNames.keys())
