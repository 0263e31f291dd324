/**
 * Shadow trees: for every device class a copy of the hierarchy with only the devices of that class, so that a rule
 * can take `default~ssd`. They are made anew after every change; a copy keeps its id when there was one before.
 *
 * Source: ceph src/crush/CrushWrapper.cc CrushWrapper::rebuild_roots_with_classes, device_class_clone, cleanup_dead_classes.
 */
import { known } from '../../base/assert.ts'
import { byNumber, sortedEntries } from '../../base/ordered.ts'
import { itemWeight, RULE_OP } from './crush-map.ts'
import type { CrushDraft } from './draft.ts'

/** Makes all shadow trees of `draft` anew. */
export const rebuildShadows = (draft: CrushDraft): void => {
  const before = draft.classBuckets
  dropDeadClasses(draft)
  for (const root of rootsOf(draft, true)) dropTree(draft, root)
  draft.classBuckets = new Map()
  const used = new Set([...before.values()].flatMap((classes) => [...classes.values()]))
  const sums = new Map<bigint, Map<number, readonly number[]>>()
  for (const root of rootsOf(draft, false))
    for (const [deviceClass] of sortedEntries(draft.classNames, byNumber))
      cloneForClass({ draft, before, used, sums }, root, deviceClass)
}

const isShadow = (draft: CrushDraft, id: number): boolean => draft.itemNames.get(id)?.includes('~') ?? false

const rootsOf = (draft: CrushDraft, shadow: boolean): readonly number[] => {
  const contained = new Set(draft.buckets.flatMap((bucket) => bucket?.items ?? []))
  return draft.buckets
    .flatMap((bucket) => (bucket === undefined ? [] : [bucket.id]))
    .filter((id) => !contained.has(id) && isShadow(draft, id) === shadow)
    .sort(byNumber)
}

const dropTree = (draft: CrushDraft, id: number): void => {
  const bucket = draft.bucket(id)
  if (bucket === undefined) return
  for (const item of bucket.items) if (item < 0) dropTree(draft, item)
  draft.dropBucket(id)
}

// A class that neither a device nor a rule uses is forgotten.
const dropDeadClasses = (draft: CrushDraft): void => {
  const taken = new Set(
    draft.rules.flatMap((rule) =>
      (rule?.steps ?? []).filter(({ op }) => op === RULE_OP.take).map(({ arg1 }) => arg1),
    ),
  )
  for (const deviceClass of [...draft.classNames.keys()]) {
    const hasDevice = [...draft.deviceClasses].some(([id, c]) => id >= 0 && c === deviceClass)
    const hasRule = [...draft.classBuckets.values()].some((classes) =>
      taken.has(classes.get(deviceClass) ?? 0),
    )
    if (!hasDevice && !hasRule) draft.classNames.delete(deviceClass)
  }
}

interface Rebuild {
  readonly draft: CrushDraft
  /** Bucket → class → the id that its copy had. */
  readonly before: ReadonlyMap<number, ReadonlyMap<number, number>>
  /** Ids of all earlier copies. */
  readonly used: ReadonlySet<number>
  /** Weight set → copy → sums of its rows. */
  readonly sums: Map<bigint, Map<number, readonly number[]>>
}

const cloneForClass = (rebuild: Rebuild, originalId: number, deviceClass: number): number => {
  const { draft } = rebuild
  const name = `${draft.itemNames.get(originalId) ?? ''}~${draft.classNames.get(deviceClass) ?? ''}`
  const existing = draft.idOfName(name)
  if (existing !== undefined) return existing
  const original = known(draft.bucket(originalId), `CRUSH bucket ${originalId}`)
  const copied = original.items.flatMap((item, position) => {
    if (item >= 0)
      return draft.deviceClasses.get(item) === deviceClass
        ? [{ item, position, weight: itemWeight(original, position) }]
        : []
    const child = cloneForClass(rebuild, item, deviceClass)
    return [{ item: child, position, weight: draft.bucket(child)?.weight ?? 0 }]
  })
  const id = rebuild.before.get(originalId)?.get(deviceClass) ?? unusedId(rebuild)
  draft.addBucket(original.type, [], id)
  for (const { item, weight } of copied) draft.addItem(id, item, weight)
  draft.deviceClasses.set(id, deviceClass)
  draft.itemNames.set(id, name)
  const classes = draft.classBuckets.get(originalId) ?? new Map<number, number>()
  draft.classBuckets.set(originalId, classes.set(deviceClass, id))
  copyWeightSets(rebuild, originalId, id, copied)
  return id
}

// Free now, and not the id of an earlier copy, which that copy may want back.
const unusedId = ({ draft, used }: Rebuild): number => {
  let id = -1
  while (draft.bucket(id) !== undefined || used.has(id)) id -= 1
  return id
}

const copyWeightSets = (
  { draft, sums }: Rebuild,
  originalId: number,
  copyId: number,
  copied: readonly { readonly item: number; readonly position: number }[],
): void => {
  for (const [set, args] of draft.chooseArgs) {
    const rows = args.get(-1 - originalId)?.weightSet ?? []
    if (rows.length === 0) continue
    const sumsOfSet = sums.get(set) ?? new Map<number, readonly number[]>()
    const weightSet = rows.map((row, i) =>
      copied.map(({ item, position }) =>
        item >= 0 ? (row[position] ?? 0) : (sumsOfSet.get(item)?.[i] ?? 0),
      ),
    )
    args.set(-1 - copyId, { weightSet, ids: [] })
    sumsOfSet.set(
      copyId,
      weightSet.map((row) => row.reduce((sum, weight) => sum + weight, 0)),
    )
    sums.set(set, sumsOfSet)
  }
}
