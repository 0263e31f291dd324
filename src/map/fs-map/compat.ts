/** Features of the file system's formats, as MDS daemons and file systems declare them. Source: ceph src/mds/MDSMap.h. */
import type { CompatSet } from '../../codec/type/compat-set.ts'

export const MDS_FEATURE_INCOMPAT = {
  base: 1n,
  clientRanges: 2n,
  fileLayout: 3n,
  dirInode: 4n,
  encoding: 5n,
  omapDirfrag: 6n,
  inline: 7n,
  noAnchor: 8n,
  fileLayoutV2: 9n,
  snaprealmV2: 10n,
} as const

const NAMES: ReadonlyMap<bigint, string> = new Map([
  [MDS_FEATURE_INCOMPAT.base, 'base v0.20'],
  [MDS_FEATURE_INCOMPAT.clientRanges, 'client writeable ranges'],
  [MDS_FEATURE_INCOMPAT.fileLayout, 'default file layouts on dirs'],
  [MDS_FEATURE_INCOMPAT.dirInode, 'dir inode in separate object'],
  [MDS_FEATURE_INCOMPAT.encoding, 'mds uses versioned encoding'],
  [MDS_FEATURE_INCOMPAT.omapDirfrag, 'dirfrag is stored in omap'],
  [MDS_FEATURE_INCOMPAT.inline, 'mds uses inline data'],
  [MDS_FEATURE_INCOMPAT.noAnchor, 'no anchor table'],
  [MDS_FEATURE_INCOMPAT.fileLayoutV2, 'file layout v2'],
  [MDS_FEATURE_INCOMPAT.snaprealmV2, 'snaprealm v2'],
])

const withIncompat = (ids: Iterable<bigint>): CompatSet => ({
  compat: new Map(),
  roCompat: new Map(),
  incompat: new Map([...ids].map((id) => [id, NAMES.get(id) ?? ''])),
})

/** Everything a daemon of this release understands. */
export const MDS_COMPAT_ALL = withIncompat(NAMES.keys())

/** What a new file system uses: everything but inline data. */
export const MDS_COMPAT_DEFAULT = withIncompat(
  [...NAMES.keys()].filter((id) => id !== MDS_FEATURE_INCOMPAT.inline),
)

/** What a daemon that says nothing is taken to understand. */
export const MDS_COMPAT_BASE = withIncompat([MDS_FEATURE_INCOMPAT.base])
