/** Device classes. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::prepare_command_impl. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import {
  classIdOfName,
  createClass,
  removeDeviceClass,
  renameClass,
  setDeviceClass,
} from '../../../map/crush/class-edit.ts'
import type { CrushDraft } from '../../../map/crush/draft.ts'
import { RULE_OP } from '../../../map/crush/crush-map.ts'
import { osdExists, osdIds } from '../../../map/osd-map/osd-map.ts'
import { CephString, CephStrings, updateWith } from '../../args.ts'
import type { CommandHandler, World } from '../../contract.ts'
import { ERRNO, printErrno } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import { crushDraft, hasPendingCrush, proposeCrush } from '../crush-change.ts'
import { isEveryOsd, readOsdId } from '../osd-id.ts'

const SetArgs = t.partial({ class: CephString, ids: CephStrings })

/** The osds that a list of ids means, and what is to be said of the ids that mean none. */
interface Selected {
  readonly osds: readonly number[]
  readonly isAll: boolean
  readonly complaints: readonly string[]
}

const select = (world: World, ids: readonly string[]): Selected => {
  const { map } = world.committed.osdmap
  if (isEveryOsd(ids)) return { osds: osdIds(map), isAll: true, complaints: [] }
  const read = ids.map((id) => [id, readOsdId(id)] as const)
  const osds: number[] = []
  const complaints: string[] = []
  for (const [id, osd] of read)
    if (E.isLeft(osd)) complaints.push(`${osd.left}, unable to parse osd id:"${id}". `)
    else if (!osdExists(map, osd.right)) complaints.push(`osd.${osd.right} does not exist. `)
    else osds.push(osd.right)
  return { osds, isAll: false, complaints }
}

const sortedIds = (ids: Iterable<number>): string => [...ids].sort((a, b) => a - b).join(',')

export const crushSetDeviceClass: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(SetArgs, request, command, ({ class: name, ids = [] }) => {
      if (name === undefined) return answered(request, failed(ERRNO.EINVAL, printErrno(ERRNO.EINVAL)))
      const draft = crushDraft(world, pendings)
      const { osds, isAll, complaints } = select(world, ids)
      const texts = [...complaints]
      const updated = new Set<number>()
      for (const osd of osds) {
        const outcome = bindClass(draft, osd, name)
        if ('refusal' in outcome) return answered(request, failed(ERRNO.EBUSY, outcome.refusal))
        if (outcome.changed || hasPendingCrush(pendings)) updated.add(osd)
        else {
          texts.push(`osd.${osd} already set to class ${name}. `)
          if (!isAll)
            texts.push(
              `set-device-class item id ${osd} name 'osd.${osd}' device_class '${name}': no change. `,
            )
        }
      }
      texts.push(`set osd(s) ${sortedIds(updated)} to class '${name}'`)
      return proposeCrush(request, pendings, draft, texts.join(''))
    }),
}

const bindClass = (
  draft: CrushDraft,
  osd: number,
  name: string,
): { readonly changed: boolean } | { readonly refusal: string } => {
  draft.maxDevices = Math.max(draft.maxDevices, osd + 1)
  if (!draft.itemNames.has(osd)) draft.itemNames.set(osd, `osd.${osd}`)
  const old = draft.classNames.get(draft.deviceClasses.get(osd) ?? -1)
  if (old === name) return { changed: false }
  if (old !== undefined)
    return {
      refusal:
        `osd.${osd} has already bound to class '${old}', can not reset class to '${name}'; ` +
        "use 'ceph osd crush rm-device-class <id>' to remove old class first",
    }
  setDeviceClass(draft, osd, name)
  return { changed: true }
}

const IdsArgs = t.partial({ ids: CephStrings })

export const crushRemoveDeviceClass: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(IdsArgs, request, command, ({ ids = [] }) => {
      const draft = crushDraft(world, pendings)
      const { osds, complaints } = select(world, ids)
      const unreadable = complaints.find((text) => text.includes('unable to parse'))
      if (unreadable !== undefined) return answered(request, failed(ERRNO.EINVAL, unreadable))
      const texts = [...complaints]
      const updated: number[] = []
      for (const osd of osds)
        if (draft.deviceClasses.has(osd)) {
          removeDeviceClass(draft, osd)
          updated.push(osd)
        } else texts.push(`osd.${osd} belongs to no class, `)
      texts.push(`done removing class of osd(s): ${sortedIds(updated)}`)
      return proposeCrush(request, pendings, draft, texts.join(''))
    }),
}

const ClassArgs = t.partial({ class: CephString })

export const crushClassCreate: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(ClassArgs, request, command, ({ class: name }) => {
      if (name === undefined) return answered(request, failed(ERRNO.EINVAL, printErrno(ERRNO.EINVAL)))
      const draft = crushDraft(world, pendings)
      const exists = done(`class '${name}' already exists`)
      if (classIdOfName(draft, name) !== undefined)
        return hasPendingCrush(pendings)
          ? prepared(request, { osdmap: pendings.osdmap }, exists)
          : answered(request, exists)
      const id = createClass(draft, name)
      return proposeCrush(request, pendings, draft, `created class ${name} with id ${id} to crush map`)
    }),
}

// Names of the rules that begin at a shadow of the class.
const rulesOfClass = (draft: CrushDraft, deviceClass: number): readonly string[] => {
  const shadows = new Set(
    [...draft.classBuckets.values()].flatMap((classes) => classes.get(deviceClass) ?? []),
  )
  return draft.rules.flatMap((rule, id) =>
    rule?.steps.some(({ op, arg1 }) => op === RULE_OP.take && shadows.has(arg1)) === true
      ? [draft.ruleNames.get(id) ?? '']
      : [],
  )
}

export const crushClassRemove: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(ClassArgs, request, command, ({ class: name }) => {
      if (name === undefined) return answered(request, failed(ERRNO.EINVAL, printErrno(ERRNO.EINVAL)))
      const { map } = world.committed.osdmap
      if (![...map.crush.classNames.values()].includes(name)) return answered(request, done())
      const draft = crushDraft(world, pendings)
      const id = classIdOfName(draft, name)
      if (id === undefined) return { _tag: 'RetryAfterCommit' }
      const rules = rulesOfClass(draft, id)
      if (rules.length > 0)
        return answered(
          request,
          failed(
            ERRNO.EBUSY,
            `class '${name}' still referenced by crush_rule(s): ${rules.map((rule) => `'${rule}'`).join(',')}`,
          ),
        )
      const profiles = [...map.erasureCodeProfiles, ...pendings.osdmap.inc.newErasureCodeProfiles]
        .filter(([, profile]) => profile.get('crush-device-class') === name)
        .map(([profile]) => profile)
      if (profiles.length > 0)
        return answered(
          request,
          failed(
            ERRNO.EBUSY,
            `class '${name}' is still referenced by erasure-code-profile(s): ${profiles.join(',')}`,
          ),
        )
      const osds = [...draft.deviceClasses].filter(([item, c]) => item >= 0 && c === id)
      for (const [osd] of osds) removeDeviceClass(draft, osd)
      draft.classNames.delete(id)
      return proposeCrush(request, pendings, draft, `removed class ${name} with id ${id} from crush map`)
    }),
}

const RenameArgs = t.partial({ srcname: CephString, dstname: CephString })

export const crushClassRename: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(RenameArgs, request, command, ({ srcname = '', dstname = '' }) => {
      const draft = crushDraft(world, pendings)
      const source = classIdOfName(draft, srcname)
      const target = classIdOfName(draft, dstname)
      if (source === undefined && target !== undefined)
        return answered(request, done(`already renamed to '${dstname}'`))
      const errno = source === undefined ? ERRNO.ENOENT : target === undefined ? undefined : ERRNO.EEXIST
      if (errno !== undefined)
        return answered(
          request,
          failed(errno, `fail to rename '${srcname}' to '${dstname}' : ${printErrno(errno)}`),
        )
      renameClass(draft, srcname, dstname)
      return proposeCrush(request, pendings, draft, `rename class '${srcname}' to '${dstname}'`)
    }),
}
