/** A primary wants other OSDs to serve a group for a while. Source: ceph src/mon/OSDMonitor.cc preprocess_pgtemp, prepare_pgtemp. */
import { pgKey } from '../../../codec/type/pg-key.ts'
import type { OsdMap } from '../../../map/osd-map/osd-map.ts'
import { placementOf } from '../../../map/osd-map/placement.ts'
import type { MOSDPGTemp } from '../../../message/osd-pg-temp.ts'
import { withInc } from '../pending.ts'
import { withUpThru } from '../up-thru.ts'
import { ignored, type MessageHandler, NEEDS_UPDATE } from './handler.ts'
import { answeredWithMaps, isUpAtSender, osdOfRequest, proposedWithMaps } from './sender.ts'

type Entry = MOSDPGTemp['pgTemp'][number]

// Whether an entry comes from the group's present primary; another one's is about an interval that is over.
const isCurrent = (map: OsdMap, osd: number, [pg]: Entry): boolean =>
  map.pools.has(pg.pool) && placementOf(map, pgKey(pg)).actingPrimary === osd

const changes = (map: OsdMap, [pg, osds]: Entry): boolean => {
  const key = pgKey(pg)
  const temp = map.pgTemp.get(key)
  if (osds.length === 0) return temp !== undefined || map.primaryTemp.has(key)
  return temp?.join() !== osds.join() || map.primaryTemp.has(key)
}

export const osdPgTemp: MessageHandler = {
  query: (world, request) => {
    const m = request.message
    const { map } = world.committed.osdmap
    const osd = osdOfRequest(request)
    if (m._tag !== 'MOSDPGTemp' || osd === undefined || !isUpAtSender(map, osd, request))
      return ignored(request)
    if (m.forced) return NEEDS_UPDATE
    const current = m.pgTemp.filter((entry) => isCurrent(map, osd, entry))
    if (current.some((entry) => changes(map, entry))) return NEEDS_UPDATE
    return current.length === 0 ? ignored(request) : answeredWithMaps(request, m.mapEpoch)
  },
  update: (world, pendings, request) => {
    const m = request.message
    const { map } = world.committed.osdmap
    const osd = osdOfRequest(request)
    if (m._tag !== 'MOSDPGTemp' || osd === undefined) return ignored(request)
    const { inc } = pendings.osdmap
    const newPgTemp = new Map(inc.newPgTemp)
    const newPrimaryTemp = new Map(inc.newPrimaryTemp)
    for (const [pg, osds] of m.pgTemp) {
      if (inc.oldPools.has(pg.pool) || !map.pools.has(pg.pool)) continue
      const key = pgKey(pg)
      newPgTemp.set(key, osds)
      if (map.primaryTemp.has(key) || newPrimaryTemp.has(key)) newPrimaryTemp.set(key, -1)
    }
    const changed = withInc(pendings.osdmap, { newPgTemp, newPrimaryTemp })
    // So that the OSD need not ask for that too.
    const osdmap = withUpThru(world, changed, osd, m.mapEpoch)
    return proposedWithMaps(request, { osdmap }, m.mapEpoch)
  },
}
