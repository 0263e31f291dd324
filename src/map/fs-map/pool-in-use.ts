/** Pools that file systems live in. Source: ceph src/mds/FSMap.cc FSMap::pool_in_use. */
import type { FsMap } from './fs-map.ts'

/** Whether a file system keeps its metadata or data in the pool. */
export const isPoolInUse = (map: FsMap, pool: bigint): boolean =>
  [...map.filesystems.values()].some(
    ({ mdsMap }) => mdsMap.metadataPool === pool || mdsMap.dataPools.includes(pool),
  )
