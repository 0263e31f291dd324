/**
 * Changes of a CRUSH map: where items are, what they weigh, which class they have.
 *
 * Errors: a name of CrushEditError; the draft is then in no defined state and is to be thrown away.
 * Source: ceph src/crush/CrushWrapper.cc insert_item, update_item, create_or_move_item, remove_item, move_bucket, …
 */
import * as E from 'fp-ts/lib/Either.js'
import { byBytes, byNumber, sortedEntries } from '../../base/ordered.ts'
import { itemWeight, RULE_OP, WEIGHT_ONE } from './crush-map.ts'
import type { CrushDraft, CrushEditError } from './draft.ts'
import { rebuildShadows } from './shadow.ts'

/** Type name → bucket name. */
export type CrushLocation = ReadonlyMap<string, string>

type Edit = E.Either<CrushEditError, void>

const OK: Edit = E.right(undefined)
const VALID_NAME = /^[-_.0-9a-zA-Z]+$/

export const isValidCrushName = (name: string): boolean => VALID_NAME.test(name)

/** `['host=a', 'root=default']`; entries without `=` or without a value make it none. Source: CrushWrapper::parse_loc_map. */
export const parseLocation = (args: readonly string[]): CrushLocation => {
  const location = new Map<string, string>()
  for (const arg of args) {
    const at = arg.indexOf('=')
    if (at < 0 || at === arg.length - 1) return location
    location.set(arg.slice(0, at), arg.slice(at + 1))
  }
  return location
}

/** `{host=a,root=default}`. */
export const printCrushLocation = (location: CrushLocation): string =>
  `{${sortedEntries(location, byBytes)
    .map(([type, name]) => `${type}=${name}`)
    .join(',')}}`

/** A weight as it is stored. Units: 1.0 is WEIGHT_ONE; fractions are cut in single precision. */
export const storedWeight = (weight: number): number =>
  Math.trunc(Math.fround(Math.fround(weight) * WEIGHT_ONE))

const bucketTypes = (draft: CrushDraft): readonly (readonly [number, string])[] =>
  sortedEntries(draft.typeNames, byNumber).filter(([type]) => type !== 0)

/** The item's weight in the lowest bucket that `location` names; undefined when it is not there. Source: check_item_loc. */
export const weightAt = (draft: CrushDraft, item: number, location: CrushLocation): number | undefined => {
  for (const [, typeName] of bucketTypes(draft)) {
    const name = location.get(typeName)
    if (name === undefined) continue
    const bucket = draft.bucket(draft.idOfName(name) ?? 0)
    const position = bucket?.items.indexOf(item) ?? -1
    return bucket === undefined || position < 0 ? undefined : itemWeight(bucket, position)
  }
  return undefined
}

/** Puts an item that is nowhere yet at `location`; buckets that are missing are made. `weight` is stored. */
export const insertItem = (
  draft: CrushDraft,
  item: number,
  weight: number,
  name: string,
  location: CrushLocation,
  weightSets = true,
): Edit => {
  if (!isValidCrushName(name)) return E.left('EINVAL')
  if (![...location].every(([type, bucket]) => isValidCrushName(type) && isValidCrushName(bucket)))
    return E.left('EINVAL')
  const owner = draft.idOfName(name)
  if (owner !== undefined && owner !== item) return E.left('EEXIST')
  draft.itemNames.set(item, name)
  const linked = linkUpwards(draft, item, location)
  if (E.isLeft(linked)) return linked
  const changed = [...location.values()].filter((bucketName) =>
    draft.setWeight(draft.idOfName(bucketName) ?? 0, item, weight, item >= 0 && weightSets),
  )
  if (changed.length === 0) return E.left('EINVAL')
  draft.maxDevices = Math.max(draft.maxDevices, item + 1)
  rebuildShadows(draft)
  return OK
}

const linkUpwards = (draft: CrushDraft, item: number, location: CrushLocation): Edit => {
  let current = item
  for (const [type, typeName] of bucketTypes(draft)) {
    const bucketName = location.get(typeName)
    if (bucketName === undefined) continue
    const id = draft.idOfName(bucketName)
    if (id === undefined) {
      current = draft.addBucket(type, [current])
      draft.itemNames.set(current, bucketName)
      continue
    }
    const bucket = draft.bucket(id)
    if (bucket === undefined || draft.contains(id, current) || bucket.type !== type) return E.left('EINVAL')
    if (draft.contains(current, id)) return E.left('ELOOP')
    if (bucket.alg !== 'straw2') return E.left('ENOTSUP')
    draft.addItem(id, current, 0)
    return OK
  }
  return OK
}

/** True when anything changed: an item that is elsewhere moves with its weight, a new one gets `weight`. */
export const createOrMoveItem = (
  draft: CrushDraft,
  item: number,
  weight: number,
  name: string,
  location: CrushLocation,
  weightSets: boolean,
): E.Either<CrushEditError, boolean> => {
  if (!isValidCrushName(name)) return E.left('EINVAL')
  if (weightAt(draft, item, location) !== undefined) return E.right(false)
  const [holder] = draft.holdersOf(item)
  const present = holder === undefined ? weight : itemWeight(holder, holder.items.indexOf(item))
  if (holder !== undefined) {
    const removed = removeItem(draft, item, true)
    if (E.isLeft(removed)) return removed
  }
  return E.map(() => true)(insertItem(draft, item, present, name, location, weightSets))
}

/** True when anything changed: the item is at `location` with `weight` afterwards. */
export const updateItem = (
  draft: CrushDraft,
  item: number,
  weight: number,
  name: string,
  location: CrushLocation,
): E.Either<CrushEditError, boolean> => {
  if (!isValidCrushName(name)) return E.left('EINVAL')
  const present = weightAt(draft, item, location)
  if (present === undefined) {
    if (draft.itemNames.has(item)) {
      const removed = removeItem(draft, item, true)
      if (E.isLeft(removed) && removed.left !== 'ENOENT') return removed
    }
    return E.map(() => true)(insertItem(draft, item, weight, name, location))
  }
  const renamed = draft.itemNames.get(item) !== name
  if (renamed) draft.itemNames.set(item, name)
  if (present === weight) return E.right(renamed)
  for (const bucketName of location.values())
    draft.setWeight(draft.idOfName(bucketName) ?? 0, item, weight, true)
  rebuildShadows(draft)
  return E.right(true)
}

// A rule begins at the bucket or at one of its shadows.
const isTakenByRule = (draft: CrushDraft, id: number): boolean => {
  const shadows = new Set([id, ...(draft.classBuckets.get(id)?.values() ?? [])])
  return draft.rules.some(
    (rule) => rule?.steps.some(({ op, arg1 }) => op === RULE_OP.take && shadows.has(arg1)) === true,
  )
}

/** Takes an item out of every bucket; with `unlinkOnly` a bucket itself and a device's class stay. */
export const removeItem = (draft: CrushDraft, item: number, unlinkOnly: boolean): Edit => {
  if (item < 0 && !unlinkOnly) {
    const bucket = draft.bucket(item)
    if (bucket === undefined) return E.left('ENOENT')
    if (bucket.items.length > 0) return E.left('ENOTEMPTY')
    if (isTakenByRule(draft, item)) return E.left('EBUSY')
  }
  const holders = draft.holdersOf(item).map(({ id }) => id)
  if (!draft.canChange(holders)) return E.left('ENOTSUP')
  for (const id of holders) unlink(draft, id, item)
  const isGone = dropLastInstance(draft, item, unlinkOnly)
  return holders.length > 0 || isGone ? OK : E.left('ENOENT')
}

const unlink = (draft: CrushDraft, bucketId: number, item: number): void => {
  draft.setWeight(bucketId, item, 0, true)
  draft.removeItem(bucketId, item)
}

const dropLastInstance = (draft: CrushDraft, item: number, unlinkOnly: boolean): boolean => {
  if (draft.holdersOf(item).length > 0) return false
  if (item < 0 && isTakenByRule(draft, item)) return false
  if (item < 0 && !unlinkOnly) draft.dropBucket(item)
  if (item >= 0) {
    draft.itemNames.delete(item)
    if (!unlinkOnly) draft.deviceClasses.delete(item)
  }
  rebuildShadows(draft)
  return true
}

/** As removeItem, but only below `ancestor`. */
export const removeItemUnder = (
  draft: CrushDraft,
  item: number,
  ancestor: number,
  unlinkOnly: boolean,
): Edit => {
  if (item < 0 && !unlinkOnly && isTakenByRule(draft, item)) return E.left('EBUSY')
  const removed = removeBelow(draft, item, ancestor)
  if (E.isLeft(removed)) return removed
  const isGone = dropLastInstance(draft, item, unlinkOnly)
  return removed.right || isGone ? OK : E.left('ENOENT')
}

const removeBelow = (
  draft: CrushDraft,
  item: number,
  ancestor: number,
): E.Either<CrushEditError, boolean> => {
  const bucket = draft.bucket(ancestor)
  if (bucket === undefined) return E.left('EINVAL')
  let found = false
  for (const child of bucket.items)
    if (child === item) {
      unlink(draft, ancestor, item)
      found = true
    } else if (child < 0) {
      const below = removeBelow(draft, item, child)
      if (E.isLeft(below)) return below
      found = found || below.right
    }
  return E.right(found)
}

/** Moves a bucket with everything in it. */
export const moveBucket = (draft: CrushDraft, id: number, location: CrushLocation): Edit => {
  const bucket = draft.bucket(id)
  if (id >= 0) return E.left('EINVAL')
  if (bucket === undefined) return E.left('ENOENT')
  const parent = draft.holdersOf(id).find((holder) => !draft.itemNames.get(holder.id)?.includes('~'))
  if (parent !== undefined) unlink(draft, parent.id, id)
  return insertItem(draft, id, bucket.weight, draft.itemNames.get(id) ?? '', location, false)
}

/** Puts a bucket at one more place. */
export const linkBucket = (draft: CrushDraft, id: number, location: CrushLocation): Edit => {
  const bucket = draft.bucket(id)
  if (id >= 0) return E.left('EINVAL')
  if (bucket === undefined) return E.left('ENOENT')
  return insertItem(draft, id, bucket.weight, draft.itemNames.get(id) ?? '', location)
}

/** Sets a device's weight wherever it is. */
export const reweightItem = (draft: CrushDraft, item: number, weight: number, weightSets: boolean): Edit => {
  const holders = draft.holdersOf(item).map(({ id }) => id)
  if (holders.length === 0) return E.left('ENOENT')
  if (!draft.canChange(holders)) return E.left('ENOTSUP')
  for (const id of holders) draft.setWeight(id, item, weight, weightSets)
  return OK
}

/** Sets the weight of every device below a bucket. */
export const reweightSubtree = (draft: CrushDraft, id: number, weight: number, weightSets: boolean): Edit => {
  const queue = [id]
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    const items = draft.bucket(at)?.items ?? []
    for (const item of items)
      if (item < 0) queue.push(item)
      else draft.setWeight(at, item, weight, weightSets)
  }
  rebuildShadows(draft)
  return OK
}

/** Makes every bucket weigh what is in it. Source: CrushWrapper::reweight. */
export const reweightAll = (draft: CrushDraft): void => {
  const sum = (id: number): number => {
    const bucket = draft.bucket(id)
    for (const item of bucket?.items ?? []) if (item < 0) draft.setWeight(id, item, sum(item), false)
    return draft.bucket(id)?.weight ?? 0
  }
  for (const bucket of draft.buckets)
    if (bucket !== undefined && draft.holdersOf(bucket.id).length === 0) sum(bucket.id)
  rebuildShadows(draft)
}
