/**
 * What only time brings: OSDs that fall silent, failures that have lasted long enough, OSDs that stay down, blocklist
 * entries that end. Leader only.
 *
 * Source: ceph src/mon/OSDMonitor.cc OSDMonitor::tick, handle_osd_timeouts, check_failures.
 */
import { withEntry } from '../../base/ordered.ts'
import { compareUtime, utimeOfMs } from '../../codec/type/utime.ts'
import { bucketOf } from '../../map/crush/crush-map.ts'
import { devicesUnder, parentOf } from '../../map/crush/location.ts'
import { OSD_STATE, OSD_WEIGHT_OUT } from '../../map/osd-map/constant.ts'
import { osdIds, osdIsDestroyed, osdIsDown, osdIsUp, osdOf, type OsdMap } from '../../map/osd-map/osd-map.ts'
import type { ServiceEffect, ServicePendings, UpdateResult, World } from '../contract.ts'
import { checkFailure } from './failure.ts'
import { purgeReported } from './purge-reported.ts'
import { withoutFailureReport } from './leader-notes.ts'
import { canMarkDown, canMarkOut } from './may-mark.ts'
import { withInc, withNotes } from './pending.ts'
import type { OsdmapPending } from './state.ts'
import { updatePoolQuotas } from './pool-quota.ts'

interface Progress {
  readonly pending: OsdmapPending
  readonly effects: readonly ServiceEffect[]
}

type Step = (world: World, progress: Progress) => Progress

/** Proposes when anything but the notes changed. */
export const tick = (world: World, pendings: ServicePendings): UpdateResult => {
  const before = pendings.osdmap
  const { pending, effects } = STEPS.reduce<Progress>((progress, step) => step(world, progress), {
    pending: before,
    effects: [],
  })
  return pending.inc === before.inc
    ? { _tag: 'Answered', effects, pendings: { osdmap: pending } }
    : { _tag: 'Prepared', pendings: { osdmap: pending }, effects, afterCommit: [] }
}

const logged = ({ effects }: Progress, text: string): readonly ServiceEffect[] => [
  ...effects,
  { _tag: 'ClusterLog', channel: 'cluster', level: 'info', text },
]

const MS = 1000

// Nobody is counted out before this monitor has led for as long as an OSD may be silent.
const markSilentDown: Step = (world, progress) => {
  const { options } = world
  const { map } = world.committed.osdmap
  const timeoutSec = options.int('mon_osd_report_timeout')
  if (world.now - progress.pending.notes.sinceMs < timeoutSec * MS) return progress
  let next = progress
  for (const osd of osdIds(map).filter((id) => osdIsUp(map, id))) {
    const { notes, inc } = next.pending
    const beacon = notes.beacons.get(osd)
    if (beacon === undefined) {
      const started = { atMs: world.now, intervalSec: 0, epoch: map.epoch }
      const beacons = withEntry(notes.beacons, osd, started)
      next = { ...next, pending: withNotes(next.pending, { ...notes, beacons }) }
      continue
    }
    const silentMs = world.now - beacon.atMs
    if (silentMs <= Math.max(timeoutSec, 2 * beacon.intervalSec) * MS) continue
    if (!canMarkDown(options, map, inc, osd)) continue
    next = {
      pending: withInc(next.pending, { newState: withEntry(inc.newState, osd, OSD_STATE.UP) }),
      effects: logged(
        next,
        `osd.${osd} marked down after no beacon for ${(silentMs / MS).toFixed(6)} seconds`,
      ),
    }
  }
  return next
}

const markFailedDown: Step = (world, progress) => {
  const { options } = world
  const { map } = world.committed.osdmap
  const staleSec = options.int('osd_heartbeat_grace') + options.int('osd_heartbeat_stale')
  let next = progress
  for (const [target, reports] of progress.pending.notes.failures) {
    const failed = canMarkDown(options, map, next.pending.inc, target)
      ? checkFailure(world, next.pending, target)
      : undefined
    if (failed !== undefined) {
      next = { pending: failed.pending, effects: [...next.effects, ...failed.effects] }
      continue
    }
    // Reporters that never took their reports back.
    if (world.now - Math.max(...reports.values()) < staleSec * MS) continue
    for (const reporter of reports.keys())
      next = {
        ...next,
        pending: withNotes(next.pending, withoutFailureReport(next.pending.notes, target, reporter)),
      }
  }
  return next
}

const markLongDownOut: Step = (world, progress) => {
  const { map } = world.committed.osdmap
  let next = progress
  for (const [osd, sinceMs] of progress.pending.notes.downSinceMs) {
    const { pending } = next
    if (!canMarkOut(world.options, map, pending.inc, osd) || pending.inc.newWeight.has(osd)) continue
    if (isWholeSubtreeDown(world, map, osd)) {
      const { notes } = pending
      const downSinceMs = withEntry(notes.downSinceMs, osd, world.now)
      next = { ...next, pending: withNotes(pending, { ...notes, downSinceMs }) }
      continue
    }
    const downSec = (world.now - sinceMs) / MS
    const limitSec = outAfterSec(world, map, osd, downSec)
    if (limitSec === undefined || downSec < limitSec) continue
    next = {
      pending: markedOut(map, pending, osd),
      effects: logged(next, `Marking osd.${osd} out (has been down for ${Math.trunc(downSec)} seconds)`),
    }
  }
  return next
}

// Undefined for never.
const outAfterSec = (world: World, map: OsdMap, osd: number, downSec: number): number | undefined => {
  const { options } = world
  const option = osdIsDestroyed(map, osd) ? 'mon_osd_destroyed_out_interval' : 'mon_osd_down_out_interval'
  const configured = options.int(option)
  if (configured <= 0) return undefined
  if (osdIsDestroyed(map, osd) || !options.bool('mon_osd_adjust_down_out_interval')) return configured
  const { laggyIntervalSec, laggyProbability } = osdOf(map, osd).xinfo
  const decay = Math.exp((downSec * Math.log(0.5)) / options.int('mon_osd_laggy_halflife'))
  return configured + decay * laggyIntervalSec * laggyProbability
}

// A whole rack that is down comes back as a whole: nothing is gained by moving all its data.
const isWholeSubtreeDown = (world: World, map: OsdMap, osd: number): boolean => {
  const { crush } = map
  const limit = world.options.string('mon_osd_down_out_subtree_limit')
  const limitType = [...crush.typeNames].find(([, name]) => name === limit)?.[0] ?? 0
  if (limitType <= 0) return false
  for (let at = parentOf(crush, osd); at !== undefined; at = parentOf(crush, at.id)) {
    if (!devicesUnder(crush, at.id).every((id) => osdIsDown(map, id))) return false
    if ((bucketOf(crush, at.id)?.type ?? 0) >= limitType) return true
  }
  return false
}

const markedOut = (map: OsdMap, pending: OsdmapPending, osd: number): OsdmapPending => {
  const { inc } = pending
  const { xinfo, weight } = osdOf(map, osd)
  return withInc(pending, {
    newWeight: withEntry(inc.newWeight, osd, OSD_WEIGHT_OUT),
    newState: withEntry(inc.newState, osd, (inc.newState.get(osd) ?? 0) | OSD_STATE.AUTOOUT),
    newXinfo: withEntry(inc.newXinfo, osd, { ...(inc.newXinfo.get(osd) ?? xinfo), oldWeight: weight }),
  })
}

const expireBlocklist: Step = (world, progress) => {
  const { map } = world.committed.osdmap
  const { pending } = progress
  const now = utimeOfMs(world.now)
  const ended = [...map.blocklist].filter(([, until]) => compareUtime(until, now) < 0).map(([key]) => key)
  const endedRanges = [...map.rangeBlocklist]
    .filter(([, until]) => compareUtime(until, now) < 0)
    .map(([key]) => key)
  if (ended.length === 0 && endedRanges.length === 0) return progress
  const { oldBlocklist, oldRangeBlocklist } = pending.inc
  return {
    ...progress,
    pending: withInc(pending, {
      oldBlocklist: [...oldBlocklist, ...ended],
      oldRangeBlocklist: [...oldRangeBlocklist, ...endedRanges],
    }),
  }
}

const purgeSnaps: Step = (world, progress) => ({
  ...progress,
  pending: purgeReported(world, progress.pending),
})

const enforceQuotas: Step = (world, progress) => {
  const { pending, texts } = updatePoolQuotas(world, progress.pending)
  return {
    pending,
    effects: [
      ...progress.effects,
      ...texts.map(({ level, text }): ServiceEffect => ({
        _tag: 'ClusterLog',
        channel: 'cluster',
        level,
        text,
      })),
    ],
  }
}

const STEPS: readonly Step[] = [
  markSilentDown,
  markFailedDown,
  markLongDownOut,
  expireBlocklist,
  purgeSnaps,
  enforceQuotas,
]
