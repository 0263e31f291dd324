/** Who a message of an OSD comes from, and whether it may be believed. */
import { isCapable } from '../../../auth/mon-cap.ts'
import { ENTITY_TYPE } from '../../../codec/type/entity-name.ts'
import { type EntityAddrvec, legacyAddr, sameAddr, sameAddrvec } from '../../../codec/type/entity-addr.ts'
import { osdExists, osdIsUp, osdOf, type OsdMap } from '../../../map/osd-map/osd-map.ts'
import type { QueryResult, Request, ServiceEffect, UpdateResult, World } from '../../contract.ts'

/** The OSD's id; undefined for a sender that is no OSD or lacks the capability. */
export const osdOfRequest = ({ session }: Request): number | undefined => {
  if (session.peerType !== ENTITY_TYPE.osd) return undefined
  return mayActAsOsd(session) ? Number(session.num) : undefined
}

/** `osd x`. */
export const mayActAsOsd = (session: Request['session']): boolean =>
  isCapable(session.identity.caps, {
    service: 'osd',
    opX: true,
    entity: session.identity.entityName,
    address: session.socketAddr,
  })

/** As entity_addrvec_t::legacy_equals: the same, or one of them has only the other's v1 address. */
export const sameLegacyAddrs = (a: EntityAddrvec, b: EntityAddrvec): boolean => {
  if (sameAddrvec(a, b)) return true
  const [onlyA] = a.length === 1 ? a : []
  const [onlyB] = b.length === 1 ? b : []
  const legacyA = legacyAddr(a)
  const legacyB = legacyAddr(b)
  return (
    (onlyA !== undefined && legacyA !== undefined && legacyB !== undefined && sameAddr(onlyA, legacyB)) ||
    (onlyB !== undefined && legacyB !== undefined && legacyA !== undefined && sameAddr(onlyB, legacyA))
  )
}

/** Whether the map has the OSD up at the address from which the request comes. */
export const isUpAtSender = (map: OsdMap, osd: number, { session }: Request): boolean =>
  osdIsUp(map, osd) && sameLegacyAddrs(osdOf(map, osd).clientAddrs, session.addrs)

/** Whether the map's last addresses of the OSD are the sender's, up or not. */
export const isKnownSender = (map: OsdMap, osd: number, { session }: Request): boolean =>
  osdExists(map, osd) && sameLegacyAddrs(osdOf(map, osd).clientAddrs, session.addrs)

type Answered = Extract<QueryResult, { readonly _tag: 'Answered' }>

/** Maps from epoch `since` on end the request. */
export const answeredWithMaps = (
  request: Request,
  since: number,
  more: readonly ServiceEffect[] = [],
): Answered => ({ _tag: 'Answered', effects: [...more, { _tag: 'SendOsdmaps', request, since }] })

/** Proposes; the sender gets the maps from `since` on with the commit. */
export const proposedWithMaps = (
  request: Request,
  pendings: Extract<UpdateResult, { readonly _tag: 'Prepared' }>['pendings'],
  since: number,
  effects: readonly ServiceEffect[] = [],
  more: readonly ServiceEffect[] = [],
): UpdateResult => ({
  _tag: 'Prepared',
  pendings,
  effects,
  afterCommit: [...more, { _tag: 'SendOsdmaps', request, since }],
})

export const clusterLog = (level: 'debug' | 'info', text: string): ServiceEffect => ({
  _tag: 'ClusterLog',
  channel: 'cluster',
  level,
  text,
})

/** Whether a message is about this cluster. */
export const isOurs = (world: World, fsid: string): boolean => fsid === world.fsid
