/**
 * MMonJoin: a monitor that found the quorum and is not in its map, or is there at another address.
 *
 * Source: ceph src/mon/MonmapMonitor.cc MonmapMonitor::preprocess_join, prepare_join.
 */
import { isCapable } from '../../auth/mon-cap.ts'
import { isBlankAddr, sameAddr } from '../../codec/type/entity-addr.ts'
import { addMon, monInfo, removeMon } from '../../map/mon-map/edit.ts'
import type { MonMap } from '../../map/mon-map/mon-map.ts'
import { monOfAddrs } from '../../map/mon-map/rank.ts'
import type { MMonJoin } from '../../message/mon-join.ts'
import type { QueryResult, Request, ServicePendings, UpdateResult, World } from '../contract.ts'
import { withMonmap } from './change.ts'

const ended = (request: Request): QueryResult & { readonly _tag: 'Answered' } => ({
  _tag: 'Answered',
  effects: [{ _tag: 'NoReply', request }],
})

export const preprocessJoin = (world: World, request: Request, join: MMonJoin): QueryResult =>
  mayJoin(request) && isPlausible(join) && !isThere(world.monmap, join)
    ? { _tag: 'NeedsUpdate' }
    : ended(request)

const mayJoin = ({ session }: Request): boolean =>
  isCapable(session.identity.caps, {
    service: 'mon',
    opW: true,
    opX: true,
    entity: session.identity.entityName,
    address: session.socketAddr,
  })

// A monitor that nobody can find is none.
const isPlausible = ({ name, addrs }: MMonJoin): boolean =>
  name !== '' && addrs.length > 0 && !addrs.some(isBlankAddr)

const isThere = (map: MonMap, { name, addrs, crushLoc, forceLoc }: MMonJoin): boolean => {
  const place = map.mons.get(name)
  const [addr] = place?.publicAddrs ?? []
  if (
    place !== undefined &&
    addr !== undefined &&
    !isBlankAddr(addr) &&
    !(forceLoc && !sameMap(crushLoc, place.crushLoc))
  )
    return true
  return monOfAddrs(map, addrs)?.name === name && (!forceLoc || crushLoc.size === 0)
}

const sameMap = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean =>
  a.size === b.size && [...a].every(([key, value]) => b.get(key) === value)

export const prepareJoin = (pendings: ServicePendings, request: Request, join: MMonJoin): UpdateResult =>
  pendings.monmap.isChanged
    ? { _tag: 'RetryAfterCommit' }
    : {
        _tag: 'Prepared',
        pendings: { monmap: withMonmap(pendings.monmap, (map) => withJoined(map, join)) },
        effects: [{ _tag: 'NoReply', request }],
        afterCommit: [],
      }

const withJoined = (map: MonMap, { name, addrs, crushLoc, forceLoc }: MMonJoin): MonMap => {
  const known = monOfAddrs(map, addrs)?.crushLoc ?? new Map<string, string>()
  const replaced = [...map.mons.values()].filter(
    (mon) => mon.name === name || mon.publicAddrs.some((own) => addrs.some((addr) => sameAddr(own, addr))),
  )
  const vacated = replaced.reduce((rest, mon) => removeMon(rest, mon.name), map)
  return addMon(vacated, {
    ...monInfo(name, addrs),
    crushLoc: forceLoc || known.size === 0 ? crushLoc : known,
  })
}
