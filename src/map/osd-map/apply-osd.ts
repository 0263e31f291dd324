/**
 * The part of an incremental that concerns single OSDs, in Ceph's order: max_osd, weights, affinities, states,
 * addresses, history.
 * Source: ceph src/osd/OSDMap.cc OSDMap::apply_incremental, set_max_osd, set_weight, set_primary_affinity.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { DecodeError } from '../../codec/error.ts'
import { OSD_STATE, OSD_WEIGHT_OUT } from './constant.ts'
import type { Incremental } from './incremental.ts'
import { NO_OSD, type Osd, type OsdMap } from './osd-map.ts'

type OsdPart = Pick<OsdMap, 'osds' | 'hasPrimaryAffinity'>

// The OSDs that an incremental touches, copied when they are first changed.
class OsdEdits {
  private readonly osds: Osd[]
  /** The first id at or above max_osd that was named. */
  outside: number | undefined

  constructor(osds: readonly Osd[], maxOsd: number) {
    this.osds = Array.from({ length: maxOsd }, (_, id) => osds[id] ?? NO_OSD)
  }

  edit(id: number, change: (osd: Osd) => Partial<Osd>): void {
    const osd = this.osds[id]
    if (osd === undefined) this.outside ??= id
    else this.osds[id] = { ...osd, ...change(osd) }
  }

  each<V>(changes: ReadonlyMap<number, V>, change: (osd: Osd, value: V, id: number) => Partial<Osd>): void {
    for (const [id, value] of changes) this.edit(id, (osd) => change(osd, value, id))
  }

  done(): readonly Osd[] {
    return this.osds
  }
}

/** OSDs after `inc`; `map` has its epoch and time already. Errors: BadValue for an OSD at or above max_osd. */
export const applyOsdChanges = (map: OsdMap, inc: Incremental): E.Either<DecodeError, OsdPart> => {
  const { osds, hasPrimaryAffinity } = map
  if (!touchesOsds(inc)) return E.right({ osds, hasPrimaryAffinity })
  const edits = new OsdEdits(osds, inc.newMaxOsd >= 0 ? inc.newMaxOsd : osds.length)
  edits.each(inc.newWeight, weighed)
  edits.each(inc.newPrimaryAffinity, (_, primaryAffinity) => ({ primaryAffinity }))
  edits.each(inc.newState, (osd, bits) => flipped(osd, bits === 0 ? OSD_STATE.UP : bits, map))
  edits.each(inc.newUpClient, (osd, clientAddrs, id) => ({
    state: (osd.state | OSD_STATE.EXISTS | OSD_STATE.UP) & ~OSD_STATE.STOP,
    clientAddrs,
    hbBackAddrs: inc.newHbBackUp.get(id) ?? [],
    hbFrontAddrs: inc.newHbFrontUp.get(id) ?? [],
    info: { ...osd.info, upFrom: map.epoch },
  }))
  edits.each(inc.newUpCluster, (_, clusterAddrs) => ({ clusterAddrs }))
  edits.each(inc.newUpThru, (osd, upThru) => ({ info: { ...osd.info, upThru } }))
  edits.each(inc.newLastCleanInterval, (osd, [lastCleanBegin, lastCleanEnd]) => ({
    info: { ...osd.info, lastCleanBegin, lastCleanEnd },
  }))
  edits.each(inc.newLost, (osd, lostAt) => ({ info: { ...osd.info, lostAt } }))
  edits.each(inc.newXinfo, (_, xinfo) => ({ xinfo }))
  edits.each(inc.newUuid, (_, uuid) => ({ uuid }))
  if (edits.outside !== undefined)
    return E.left({ _tag: 'BadValue', at: 0, what: `osd.${edits.outside} is not below max_osd` })
  return E.right({
    osds: edits.done(),
    hasPrimaryAffinity: hasPrimaryAffinity || inc.newPrimaryAffinity.size > 0 || wipesAny(map, inc),
  })
}

const touchesOsds = (inc: Incremental): boolean =>
  inc.newMaxOsd >= 0 ||
  [
    inc.newWeight,
    inc.newPrimaryAffinity,
    inc.newState,
    inc.newUpClient,
    inc.newUpCluster,
    inc.newUpThru,
    inc.newLastCleanInterval,
    inc.newLost,
    inc.newXinfo,
    inc.newUuid,
  ].some((changes) => changes.size > 0)

// A weight that is not zero marks in: the OSD exists, and nothing is left to restore.
const weighed = (osd: Osd, weight: number): Partial<Osd> =>
  weight === OSD_WEIGHT_OUT
    ? { weight }
    : {
        weight,
        state: (osd.state | OSD_STATE.EXISTS) & ~(OSD_STATE.AUTOOUT | OSD_STATE.NEW),
        xinfo: { ...osd.xinfo, oldWeight: 0 },
      }

const wipes = (osd: Osd, bits: number): boolean => (osd.state & bits & OSD_STATE.EXISTS) !== 0

// An OSD that ceases to exist keeps its weight and loses everything else.
const flipped = (osd: Osd, bits: number, map: OsdMap): Partial<Osd> => {
  if (wipes(osd, bits)) return { ...NO_OSD, weight: osd.weight }
  const goesDown = (osd.state & bits & OSD_STATE.UP) !== 0
  const state = osd.state ^ bits
  if (!goesDown) return { state }
  return {
    state,
    info: { ...osd.info, downAt: map.epoch },
    xinfo: { ...osd.xinfo, downStamp: map.modified },
  }
}

// Wiping sets the affinity to its default, and setting any makes the vector appear. Weights come before states,
// so an OSD that this incremental marks in exists when its state is looked at.
const wipesAny = (map: OsdMap, inc: Incremental): boolean =>
  [...inc.newState].some(([id, bits]) => {
    const osd = map.osds[id] ?? NO_OSD
    const weight = inc.newWeight.get(id)
    return wipes(
      weight === undefined ? osd : { ...osd, ...weighed(osd, weight) },
      bits === 0 ? OSD_STATE.UP : bits,
    )
  })
