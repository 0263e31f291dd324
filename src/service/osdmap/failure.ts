/**
 * When reports of an OSD's failure are believed: enough reporters in different places, and long enough.
 * Source: ceph src/mon/OSDMonitor.cc OSDMonitor::check_failure, get_grace_time.
 */
import { withEntry } from '../../base/ordered.ts'
import { printGeneral } from '../../base/json.ts'
import { locationMap, printLocation } from '../../map/crush/location.ts'
import { OSD_STATE } from '../../map/osd-map/constant.ts'
import type { OsdXinfo } from '../../map/osd-map/osd-info.ts'
import { osdExists, osdOf } from '../../map/osd-map/osd-map.ts'
import type { ServiceEffect, World } from '../contract.ts'
import { withInc } from './pending.ts'
import type { OsdmapPending } from './state.ts'

export interface Failure {
  readonly pending: OsdmapPending
  readonly effects: readonly ServiceEffect[]
}

/** The OSD marked down; undefined while its failure is not believed. */
export const checkFailure = (world: World, pending: OsdmapPending, target: number): Failure | undefined => {
  const { map } = world.committed.osdmap
  const { newState } = pending.inc
  if (((newState.get(target) ?? 0) & OSD_STATE.UP) !== 0) return { pending, effects: [] }
  const reports = [...(pending.notes.failures.get(target) ?? [])].filter(([osd]) => osdExists(map, osd))
  const level = world.options.string('mon_osd_reporter_subtree_level')
  const places = new Set(reports.map(([osd]) => locationMap(map.crush, osd).get(level) ?? `osd.${osd}`))
  if (reports.length === 0 || places.size < world.options.int('mon_osd_min_down_reporters')) return undefined
  // All agree only from the latest beginning on.
  const failedForSec = (world.now - Math.max(...reports.map(([, sinceMs]) => sinceMs))) / 1000
  const reporters = reports.map(([osd]) => osdOf(map, osd).xinfo)
  const graceSec = graceOf(world, osdOf(map, target).xinfo, reporters, failedForSec)
  if (failedForSec < graceSec) return undefined
  const text =
    `osd.${target} failed (${printLocation(map.crush, target)}) ` +
    `(${places.size} reporters from different ${level} after ${failedForSec.toFixed(6)} >= grace ${printGeneral(graceSec)})`
  return {
    pending: withInc(pending, { newState: withEntry(newState, target, OSD_STATE.UP) }),
    effects: [{ _tag: 'ClusterLog', channel: 'cluster', level: 'info', text }],
  }
}

// OSDs that were often only slow get more time, and so do those whose reporters were.
const graceOf = (
  world: World,
  xinfo: OsdXinfo,
  reporters: readonly OsdXinfo[],
  failedForSec: number,
): number => {
  const { options } = world
  const grace = options.int('osd_heartbeat_grace')
  if (!options.bool('mon_osd_adjust_heartbeat_grace')) return grace
  const perSecond = Math.log(0.5) / options.int('mon_osd_laggy_halflife')
  const slowness = ({ laggyIntervalSec, laggyProbability }: OsdXinfo, ageSec: number): number =>
    Math.exp(ageSec * perSecond) * laggyIntervalSec * laggyProbability
  const ageOf = ({ downStamp }: OsdXinfo): number => world.now / 1000 - downStamp.sec
  const peers = reporters.reduce((sum, reporter) => sum + slowness(reporter, ageOf(reporter)), 0)
  return grace + slowness(xinfo, failedForSec) + peers / Math.max(1, reporters.length)
}
