/**
 * `osd in`, `out`, `down`, `stop`, `rm`: each takes a list of OSDs and tells what became of every one.
 * Source: ceph src/mon/OSDMonitor.cc OSDMonitor::prepare_command_impl.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { withEntry } from '../../../base/ordered.ts'
import { printEntityName } from '../../../codec/type/entity-name.ts'
import { UUID_ZERO } from '../../../codec/type/uuid.ts'
import { OSD_STATE, OSD_WEIGHT_IN, OSD_WEIGHT_OUT } from '../../../map/osd-map/constant.ts'
import type { OsdXinfo } from '../../../map/osd-map/osd-info.ts'
import {
  osdExists,
  osdIds,
  osdIsDown,
  osdIsIn,
  osdIsOut,
  osdIsUp,
  osdOf,
  type OsdMap,
} from '../../../map/osd-map/osd-map.ts'
import { CephBool, CephStrings, updateWith } from '../../args.ts'
import type { CommandHandler, CommandReply, Request, ServiceEffect, World } from '../../contract.ts'
import { ERRNO, printErrno } from '../../errno.ts'
import { answered, prepared } from '../../reply.ts'
import { isEveryOsd, readOsdId } from '../osd-id.ts'
import { withInc } from '../pending.ts'
import type { OsdmapPending } from '../state.ts'

/** What a verb does to one OSD. */
interface Outcome {
  /** Undefined when nothing is to be changed. */
  readonly pending?: OsdmapPending
  /** Said of every OSD that was named. */
  readonly text: string
  /** Said also when all OSDs were meant. */
  readonly isNews: boolean
  readonly log?: string
  readonly errno?: number
}

interface Asked {
  readonly world: World
  readonly request: Request
  readonly isDead: boolean
  /** Whether an OSD before this one was changed. */
  readonly isLater: boolean
}

type Verb = (pending: OsdmapPending, osd: number, asked: Asked) => Outcome

const Args = t.partial({ ids: CephStrings, definitely_dead: CephBool })

const forEachOsd = (verb: Verb, all: (map: OsdMap) => readonly number[] = osdIds): CommandHandler => ({
  update: (world, pendings, request, command) =>
    updateWith(Args, request, command, ({ ids = [], definitely_dead: isDead = false }) => {
      const { map } = world.committed.osdmap
      const isAll = isEveryOsd(ids)
      const items = isAll ? all(map).map(String) : ids
      let pending = pendings.osdmap
      let changed = false
      let code = 0
      const texts: string[] = []
      const effects: ServiceEffect[] = []
      for (const item of items) {
        const osd = readOsdId(item)
        if (E.isLeft(osd)) {
          texts.push(`${osd.left}invalid osd id-1`)
          code = -ERRNO.EINVAL
          continue
        }
        if (!osdExists(map, osd.right)) {
          texts.push(`osd.${osd.right} does not exist. `)
          continue
        }
        const outcome = verb(pending, osd.right, { world, request, isDead, isLater: changed })
        if (outcome.isNews || !isAll) texts.push(outcome.text)
        if (outcome.errno !== undefined) code = -outcome.errno
        if (outcome.log !== undefined)
          effects.push({ _tag: 'ClusterLog', channel: 'cluster', level: 'info', text: outcome.log })
        if (outcome.pending === undefined) continue
        pending = outcome.pending
        changed = true
      }
      const text = texts.join('')
      const reply: CommandReply = {
        code,
        text: text === '' && code < 0 ? printErrno(code) : text,
        data: Buffer.alloc(0),
      }
      return changed ? prepared(request, { osdmap: pending }, reply, { effects }) : answered(request, reply)
    }),
})

const flipState = (pending: OsdmapPending, osd: number, bits: number): OsdmapPending =>
  withInc(pending, {
    newState: withEntry(pending.inc.newState, osd, (pending.inc.newState.get(osd) ?? 0) | bits),
  })

const withXinfo = (
  world: World,
  pending: OsdmapPending,
  osd: number,
  change: Partial<OsdXinfo>,
): OsdmapPending => {
  const xinfo = pending.inc.newXinfo.get(osd) ?? osdOf(world.committed.osdmap.map, osd).xinfo
  return withInc(pending, { newXinfo: withEntry(pending.inc.newXinfo, osd, { ...xinfo, ...change }) })
}

const withWeight = (pending: OsdmapPending, osd: number, weight: number): OsdmapPending =>
  withInc(pending, { newWeight: withEntry(pending.inc.newWeight, osd, weight) })

const down: Verb = (pending, osd, { world, isDead }) => {
  const isUp = osdIsUp(world.committed.osdmap.map, osd)
  const marked = isUp ? flipState(pending, osd, OSD_STATE.UP) : pending
  const { epoch } = pending.inc
  const next = isDead ? withXinfo(world, marked, osd, { deadEpoch: epoch }) : marked
  return {
    ...(next === pending ? {} : { pending: next }),
    text: isUp ? `marked down osd.${osd}. ` : `osd.${osd} is already down. `,
    isNews: isUp,
  }
}

const out: Verb = (pending, osd, { world, request }) => {
  const { map } = world.committed.osdmap
  if (osdIsOut(map, osd)) return { text: `osd.${osd} is already out. `, isNews: false }
  const { weight } = osdOf(map, osd)
  const marked = withWeight(pending, osd, OSD_WEIGHT_OUT)
  const who = printEntityName(request.session.identity.entityName)
  return {
    pending: weight === 0 ? marked : withXinfo(world, marked, osd, { oldWeight: weight }),
    text: `marked out osd.${osd}. `,
    isNews: true,
    log:
      `Client ${who} marked osd.${osd} out` +
      (osdIsUp(map, osd) ? ', while it was still marked up' : ', after it was down'),
  }
}

const into: Verb = (pending, osd, { world }) => {
  const { map } = world.committed.osdmap
  if (osdIsIn(map, osd)) return { text: `osd.${osd} is already in. `, isNews: false }
  const { oldWeight } = osdOf(map, osd).xinfo
  return {
    pending:
      oldWeight > 0
        ? withXinfo(world, withWeight(pending, osd, oldWeight), osd, { oldWeight: 0 })
        : withWeight(pending, osd, OSD_WEIGHT_IN),
    text: `marked in osd.${osd}. `,
    isNews: true,
  }
}

const stop: Verb = (pending, osd, { world }) => {
  const { map } = world.committed.osdmap
  if ((osdOf(map, osd).state & OSD_STATE.STOP) !== 0)
    return { text: `osd.${osd} is already stopped. `, isNews: false }
  return osdIsDown(map, osd)
    ? {
        pending: flipState(pending, osd, OSD_STATE.STOP),
        text: `stop down osd.${osd}. `,
        isNews: true,
      }
    : {
        pending: flipState(pending, osd, OSD_STATE.UP | OSD_STATE.STOP),
        text: `stop osd.${osd}. `,
        isNews: true,
      }
}

/** `pending` without the OSD: its state is flipped to nothing. Source: OSDMonitor::prepare_command_osd_remove. */
export const withoutOsd = (world: World, pending: OsdmapPending, osd: number): OsdmapPending => ({
  ...withInc(pending, {
    newState: withEntry(pending.inc.newState, osd, osdOf(world.committed.osdmap.map, osd).state),
    newUuid: withEntry(pending.inc.newUuid, osd, UUID_ZERO),
  }),
  metadata: withEntry(pending.metadata, osd, undefined),
})

const remove: Verb = (pending, osd, { world, isLater }) =>
  osdIsUp(world.committed.osdmap.map, osd)
    ? {
        text: `${isLater ? ', ' : ''}osd.${osd} is still up; must be down before removal. `,
        isNews: true,
        errno: ERRNO.EBUSY,
      }
    : {
        pending: withoutOsd(world, pending, osd),
        text: isLater ? `, osd.${osd}` : `removed osd.${osd}`,
        isNews: true,
      }

export const osdDown = forEachOsd(down)
export const osdOut = forEachOsd(out)
export const osdIn = forEachOsd(into, (map) => osdIds(map).filter((osd) => osdIsOut(map, osd)))
export const osdStop = forEachOsd(stop)
export const osdRemove = forEachOsd(remove)
