/** The FSMap as JSON and as text. Source: ceph src/mds/FSMap.cc dump, print; src/include/CompatSet.h. */
import type { JsonRecord } from '../../base/json.ts'
import { byBigint, sortedEntries } from '../../base/ordered.ts'
import type { CompatFeatures, CompatSet } from '../../codec/type/compat-set.ts'
import type { FsMap } from '../../map/fs-map/fs-map.ts'

const featuresJson = (set: CompatFeatures): JsonRecord =>
  Object.fromEntries(sortedEntries(set, byBigint).map(([id, name]) => [`feature_${id}`, name]))

/** A set of features as `dump` spells it. */
export const compatJson = (set: CompatSet): JsonRecord => ({
  compat: featuresJson(set.compat),
  ro_compat: featuresJson(set.roCompat),
  incompat: featuresJson(set.incompat),
})

const printFeatures = (set: CompatFeatures): string =>
  `{${sortedEntries(set, byBigint)
    .map(([id, name]) => `${id}=${name}`)
    .join(',')}}`

/** `compat={…},rocompat={…},incompat={…}`. */
export const printCompat = ({ compat, roCompat, incompat }: CompatSet): string =>
  `compat=${printFeatures(compat)},rocompat=${printFeatures(roCompat)},incompat=${printFeatures(incompat)}`

export const fsMapJson = (map: FsMap): JsonRecord => ({
  epoch: map.epoch,
  default_fscid: map.legacyClientFscid,
  compat: compatJson(map.defaultCompat),
  feature_flags: {
    enable_multiple: map.enableMultiple,
    ever_enabled_multiple: map.everEnabledMultiple,
  },
  standbys: [],
  filesystems: [...map.filesystems.values()].map((fs) => ({
    mdsmap: { fs_name: fs.mdsMap.fsName },
    id: fs.fscid,
  })),
})

const flag = (b: boolean): string => (b ? '1' : '0')

export const printFsMap = (map: FsMap): string => {
  return (
    `e${map.epoch}\n` +
    `enable_multiple, ever_enabled_multiple: ${flag(map.enableMultiple)},${flag(map.everEnabledMultiple)}\n` +
    `default compat: ${printCompat(map.defaultCompat)}\n` +
    `legacy client fscid: ${map.legacyClientFscid}\n` +
    ' \n' +
    (map.filesystems.size === 0 ? 'No filesystems configured\n' : '')
  )
}
