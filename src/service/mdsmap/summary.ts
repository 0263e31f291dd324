/** File systems in `ceph status`. Source: ceph src/mds/FSMap.cc print_summary; src/mon/MDSMonitor.cc print_fs_summary. */
import type { JsonRecord } from '../../base/json.ts'
import type { FsMap } from '../../map/fs-map/fs-map.ts'

export const fsMapSummaryJson = (map: FsMap): JsonRecord => ({
  epoch: map.epoch,
  by_rank: [],
  'up:standby': map.standbyDaemons.size,
})

/** What the `mds:` line says; nothing without a file system. */
export const mdsSummary = (map: FsMap): string =>
  map.filesystems.size === 0
    ? ''
    : `${map.filesystems.size} file systems, ${map.standbyDaemons.size} up:standby`

/** The `volumes:` line of the data part; nothing without a file system. */
export const printFsSummary = (map: FsMap): string =>
  map.filesystems.size === 0 ? '' : `    volumes: ${map.filesystems.size}/${map.filesystems.size} healthy\n`
