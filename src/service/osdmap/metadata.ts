/** What OSDs said of themselves when they booted, kept under `osd_metadata`. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::load_metadata. */
import * as E from 'fp-ts/lib/Either.js'
import { decodeFrom } from '../../codec/reader.ts'
import { decodeStringMap, type StringMap } from '../../codec/type/string-map.ts'
import { osdIds } from '../../map/osd-map/osd-map.ts'
import type { World } from '../contract.ts'

const PREFIX = 'osd_metadata'

/** Metadata of one OSD; undefined when it has never booted or what is stored is no map. */
export const metadataOfOsd = (world: World, osd: number): StringMap | undefined => {
  const bytes = world.store.get(PREFIX, osd.toString())
  if (bytes === undefined) return undefined
  const fields = decodeFrom(decodeStringMap, bytes)
  return E.isRight(fields) ? fields.right : undefined
}

/** OSD → metadata, of all OSDs that exist and have any, lowest first. */
export const osdMetadata = (world: World): ReadonlyMap<number, StringMap> =>
  new Map(
    osdIds(world.committed.osdmap.map).flatMap((osd) => {
      const fields = metadataOfOsd(world, osd)
      return fields === undefined ? [] : [[osd, fields] as const]
    }),
  )
