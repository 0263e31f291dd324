/**
 * `osd set-group`, `unset-group` and their older spellings: noup, nodown, noin, noout for single OSDs, for all below a
 * bucket, and for all of a device class. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::prepare_command_impl.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { withEntry, withoutEntry } from '../../../base/ordered.ts'
import { itemIdOfName } from '../../../map/crush/location.ts'
import { OSD_STATE } from '../../../map/osd-map/constant.ts'
import type { Incremental } from '../../../map/osd-map/incremental.ts'
import { osdExists, osdIds, type OsdMap } from '../../../map/osd-map/osd-map.ts'
import { CephString, CephStrings, updateWith } from '../../args.ts'
import type { CommandHandler, Request, ServicePendings, UpdateResult, World } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import { readOsdId } from '../osd-id.ts'
import { withInc } from '../pending.ts'

const FLAGS: ReadonlyMap<string, number> = new Map([
  ['noup', OSD_STATE.NOUP],
  ['nodown', OSD_STATE.NODOWN],
  ['noin', OSD_STATE.NOIN],
  ['noout', OSD_STATE.NOOUT],
])

// Errors: the first word that is no flag.
const readFlags = (text: string): E.Either<string, number> => {
  let flags = 0
  for (const word of text.split(',')) {
    const flag = FLAGS.get(word)
    if (flag === undefined) return E.left(word)
    flags |= flag
  }
  return E.right(flags)
}

/** For whom the flags are meant. */
interface Targets {
  readonly osds: ReadonlySet<number>
  readonly items: ReadonlySet<number>
  readonly classes: ReadonlySet<number>
  /** What was said of words that name nothing. */
  readonly text: string
}

const classIdOf = (map: OsdMap, name: string): number | undefined => {
  for (const [id, known] of map.crush.classNames) if (known === name) return id
  return undefined
}

const readTargets = (map: OsdMap, who: readonly string[]): Targets => {
  const osds = new Set<number>()
  const items = new Set<number>()
  const classes = new Set<number>()
  let text = ''
  for (const word of who) {
    if (word === 'any' || word === 'all' || word === '*') {
      for (const osd of osdIds(map)) osds.add(osd)
      break
    }
    const osd = readOsdId(word)
    const item = itemIdOfName(map.crush, word)
    const deviceClass = classIdOf(map, word)
    if (E.isRight(osd)) osds.add(osd.right)
    else if (item !== undefined) items.add(item)
    else if (deviceClass !== undefined) classes.add(deviceClass)
    else text += `unable to parse osd id or crush node or device class: "${word}". `
  }
  return { osds, items, classes, text }
}

// A pending change flips bits: what is to be as it is now must not be flipped.
const flipped = (map: OsdMap, inc: Incremental, osd: number, flags: number, isSet: boolean): Incremental => {
  const now = map.osds[osd]?.state ?? 0
  const wanted = isSet ? now | flags : now & ~flags
  const before = inc.newState.get(osd) ?? 0
  const after = (before & ~flags) | ((wanted ^ now) & flags)
  if (after === before) return inc
  return {
    ...inc,
    newState: after === 0 ? withoutEntry(inc.newState, osd) : withEntry(inc.newState, osd, after),
  }
}

// Flags that the map has are adopted again whatever an earlier command of the same epoch said, as in the original.
const changed = (
  old: ReadonlyMap<number, number>,
  next: ReadonlyMap<number, number>,
  ids: ReadonlySet<number>,
  flags: number,
  isSet: boolean,
): ReadonlyMap<number, number> => {
  let result = next
  for (const id of ids) {
    const adopted = (next.get(id) ?? 0) | (old.get(id) ?? 0)
    result = withEntry(result, id, isSet ? adopted | flags : adopted & ~flags)
  }
  return result
}

const changeFlags = (
  world: World,
  pendings: ServicePendings,
  request: Request,
  who: readonly string[],
  flags: number,
  isSet: boolean,
): UpdateResult => {
  const { map } = world.committed.osdmap
  if (who.length === 0)
    return answered(request, failed(ERRNO.EINVAL, 'must specify at least one or more targets to set/unset'))
  const { osds, items, classes, text } = readTargets(map, who)
  if (osds.size + items.size + classes.size === 0) return answered(request, failed(ERRNO.EINVAL, text))
  const before = pendings.osdmap.inc
  const texts = [text]
  let inc = before
  for (const osd of osds) {
    if (osdExists(map, osd)) inc = flipped(map, inc, osd, flags, isSet)
    else texts.push(`osd.${osd} does not exist. `)
  }
  const reply = done(texts.join(''))
  if (inc === before && items.size + classes.size === 0) return answered(request, reply)
  const osdmap = withInc(pendings.osdmap, {
    newState: inc.newState,
    newCrushNodeFlags: changed(map.crushNodeFlags, inc.newCrushNodeFlags, items, flags, isSet),
    newDeviceClassFlags: changed(map.deviceClassFlags, inc.newDeviceClassFlags, classes, flags, isSet),
  })
  return prepared(request, { osdmap }, reply)
}

const GroupArgs = t.partial({ flags: CephString, who: CephStrings })

const groupFlags = (isSet: boolean): CommandHandler => ({
  update: (world, pendings, request, command) =>
    updateWith(GroupArgs, request, command, ({ flags: text = '', who = [] }) => {
      const flags = readFlags(text)
      return E.isLeft(flags)
        ? answered(
            request,
            failed(
              ERRNO.EINVAL,
              `unrecognized flag '${flags.left}', must be one of {noup,nodown,noin,noout}`,
            ),
          )
        : changeFlags(world, pendings, request, who, flags.right, isSet)
    }),
})

export const osdSetGroup = groupFlags(true)
export const osdUnsetGroup = groupFlags(false)

const IdArgs = t.partial({ ids: CephStrings })

const singleFlag = (flag: number, isSet: boolean): CommandHandler => ({
  update: (world, pendings, request, command) =>
    updateWith(IdArgs, request, command, ({ ids = [] }) =>
      changeFlags(world, pendings, request, ids, flag, isSet),
    ),
})

/** `osd add-noup`, `osd rm-noup` and so on. */
export const SINGLE_FLAG_COMMANDS: readonly (readonly [string, CommandHandler])[] = [...FLAGS].flatMap(
  ([name, flag]) => [
    [`osd add-${name}`, singleFlag(flag, true)] as const,
    [`osd rm-${name}`, singleFlag(flag, false)] as const,
  ],
)
