/** Buckets by name, and tunables. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::prepare_command_impl, crush_rename_bucket. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { isValidCrushName, moveBucket, parseLocation, printCrushLocation } from '../../../map/crush/edit.ts'
import { TUNABLES_PROFILES } from '../../../map/crush/requirement.ts'
import { CephInt, CephString, CephStrings, updateWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed } from '../../reply.ts'
import { crushDraft, crushFailure, hasPendingCrush, proposeCrush } from '../crush-change.ts'

const AddArgs = t.partial({ name: CephString, type: CephString, args: CephStrings })

export const crushAddBucket: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(AddArgs, request, command, ({ name = '', type: typeName = '', args = [] }) => {
      const draft = crushDraft(world, pendings)
      const location = parseLocation(args)
      if (draft.idOfName(name) !== undefined) {
        const text = `bucket '${name}' already exists`
        return hasPendingCrush(pendings)
          ? proposeCrush(request, pendings, draft, text)
          : answered(request, done(text))
      }
      const type = [...draft.typeNames].find(([, known]) => known === typeName)?.[0]
      const refuse = (text: string): ReturnType<typeof answered> =>
        answered(request, failed(ERRNO.EINVAL, text))
      if (type === undefined) return refuse(`type '${typeName}' does not exist`)
      if (type === 0) return refuse(`type '${typeName}' is for devices, not buckets`)
      if (!isValidCrushName(name)) return refuse(`error setting bucket name to '${name}'`)
      const id = draft.addBucket(type, [])
      draft.itemNames.set(id, name)
      const added = `added bucket ${name} type ${typeName}`
      if (location.size === 0) return proposeCrush(request, pendings, draft, `${added} to crush map`)
      const where = `location ${printCrushLocation(location)}`
      const moved = moveBucket(draft, id, location)
      return E.isLeft(moved)
        ? answered(request, crushFailure(moved.left, `error moving bucket '${name}' to ${where}`))
        : proposeCrush(request, pendings, draft, `${added} to ${where}`)
    }),
}

const RenameArgs = t.partial({ srcname: CephString, dstname: CephString })

export const crushRenameBucket: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(RenameArgs, request, command, ({ srcname = '', dstname = '' }) => {
      const draft = crushDraft(world, pendings)
      const id = draft.idOfName(srcname)
      const isTaken = draft.idOfName(dstname) !== undefined
      const missing = `srcname = '${srcname}' does not exist`
      // A repeated request finds its work done; the original proposes nonetheless.
      if (id === undefined && isTaken)
        return proposeNothing(request, pendings, `${missing} and dstname = '${dstname}' already exists`)
      if (id === undefined) return answered(request, failed(ERRNO.ENOENT, missing))
      if (isTaken) return answered(request, failed(ERRNO.EEXIST, `dstname = '${dstname}' already exists`))
      if (!isValidCrushName(dstname))
        return answered(
          request,
          failed(ERRNO.EINVAL, `dstname = '${dstname}' does not match [-_.0-9a-zA-Z]+`),
        )
      if (id >= 0)
        return answered(
          request,
          failed(ERRNO.ENOTDIR, `srcname = '${srcname}' is not a bucket because its id = ${id} is >= 0`),
        )
      draft.itemNames.set(id, dstname)
      return proposeCrush(request, pendings, draft, `renamed bucket ${srcname} into ${dstname}`)
    }),
}

const proposeNothing = (
  request: Parameters<typeof answered>[0],
  pendings: Parameters<typeof hasPendingCrush>[0],
  text: string,
): ReturnType<typeof answered> => ({
  _tag: 'Prepared',
  pendings: { osdmap: pendings.osdmap },
  effects: [],
  afterCommit: [{ _tag: 'CommandAnswer', request, reply: done(text) }],
})

const PROFILE_ALIASES: ReadonlyMap<string, string> = new Map([
  ['legacy', 'argonaut'],
  ['optimal', 'jewel'],
  ['default', 'jewel'],
])

const ProfileArgs = t.partial({ profile: CephString })

export const crushTunables: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(ProfileArgs, request, command, ({ profile = '' }) => {
      const tunables = TUNABLES_PROFILES.get(PROFILE_ALIASES.get(profile) ?? profile)
      if (tunables === undefined)
        return answered(request, failed(ERRNO.EINVAL, `unrecognized profile '${profile}'`))
      const draft = crushDraft(world, pendings)
      // `legacy` and `default` are about the calculation of straws too.
      const strawCalcVersion =
        profile === 'legacy' ? 0 : profile === 'default' ? 1 : draft.tunables.strawCalcVersion
      draft.tunables = { ...tunables, strawCalcVersion }
      return proposeCrush(request, pendings, draft, `adjusted tunables profile to ${profile}`)
    }),
}

const TunableArgs = t.intersection([t.type({ value: CephInt }), t.partial({ tunable: CephString })])

export const crushSetTunable: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(TunableArgs, request, command, ({ tunable = '', value }) => {
      if (tunable !== 'straw_calc_version')
        return answered(request, failed(ERRNO.EINVAL, `unrecognized tunable '${tunable}'`))
      if (value !== 0 && value !== 1)
        return answered(request, failed(ERRNO.EINVAL, `value must be 0 or 1; got ${value}`))
      const draft = crushDraft(world, pendings)
      draft.tunables = { ...draft.tunables, strawCalcVersion: value }
      return proposeCrush(request, pendings, draft, `adjusted tunable ${tunable} to ${value}`)
    }),
}
