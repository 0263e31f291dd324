/** Device classes. Source: ceph src/crush/CrushWrapper.cc update_device_class, remove_device_class, rename_class. */
import type { CrushDraft } from './draft.ts'
import { rebuildShadows } from './shadow.ts'

export const classIdOfName = (draft: CrushDraft, name: string): number | undefined =>
  [...draft.classNames].find(([, known]) => known === name)?.[0]

/** The class's id; it is made when there is none of that name. */
export const createClass = (draft: CrushDraft, name: string): number => {
  const existing = classIdOfName(draft, name)
  if (existing !== undefined) return existing
  const id = Math.max(-1, ...draft.classNames.keys()) + 1
  draft.classNames.set(id, name)
  return id
}

/** Gives a device a class, which is made when it is new. */
export const setDeviceClass = (draft: CrushDraft, osd: number, name: string): void => {
  draft.deviceClasses.set(osd, createClass(draft, name))
  rebuildShadows(draft)
}

export const removeDeviceClass = (draft: CrushDraft, osd: number): void => {
  draft.deviceClasses.delete(osd)
  rebuildShadows(draft)
}

/** Renames a class and the shadow buckets named after it. The caller knows that `from` exists and `to` does not. */
export const renameClass = (draft: CrushDraft, from: string, to: string): void => {
  const id = classIdOfName(draft, from)
  if (id === undefined) return
  for (const [item, deviceClass] of draft.deviceClasses) {
    const name = draft.itemNames.get(item)
    if (item < 0 && deviceClass === id && name !== undefined)
      draft.itemNames.set(item, `${name.split('~')[0] ?? ''}~${to}`)
  }
  draft.classNames.set(id, to)
}
