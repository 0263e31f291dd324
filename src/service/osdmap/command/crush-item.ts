/** Where devices and buckets are in the CRUSH map. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::prepare_command_impl. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { printGeneral } from '../../../base/json.ts'
import { withEntry } from '../../../base/ordered.ts'
import type { CrushDraft, CrushEditError } from '../../../map/crush/draft.ts'
import {
  createOrMoveItem,
  type CrushLocation,
  insertItem,
  linkBucket,
  moveBucket,
  parseLocation,
  printCrushLocation,
  removeItem,
  removeItemUnder,
  reweightAll,
  reweightItem,
  reweightSubtree,
  storedWeight,
  updateItem,
  weightAt,
} from '../../../map/crush/edit.ts'
import { osdExists } from '../../../map/osd-map/osd-map.ts'
import { CephFloat, CephInt, CephString, CephStrings, updateWith } from '../../args.ts'
import type {
  CommandHandler,
  CommandReply,
  Request,
  ServicePendings,
  UpdateResult,
  World,
} from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import {
  crushDraft,
  crushFailure,
  hasPendingCrush,
  proposeCrush,
  proposeEdit,
  withCrush,
} from '../crush-change.ts'
import { withInc } from '../pending.ts'

const ItemArgs = t.intersection([
  t.type({ id: CephInt, weight: CephFloat }),
  t.partial({ args: CephStrings }),
])

interface Placing {
  readonly id: number
  readonly name: string
  /** As it was given, and as it is stored. */
  readonly given: number
  readonly weight: number
  readonly location: CrushLocation
}

type Place = (
  context: {
    readonly world: World
    readonly pendings: ServicePendings
    readonly request: Request
    readonly draft: CrushDraft
  },
  placing: Placing,
) => UpdateResult

const placeOsd = (missing: (name: string) => string, place: Place): CommandHandler => ({
  update: (world, pendings, request, command) =>
    updateWith(ItemArgs, request, command, ({ id, weight: given, args = [] }) => {
      const name = `osd.${id}`
      if (!osdExists(world.committed.osdmap.map, id))
        return answered(request, failed(ERRNO.ENOENT, missing(name)))
      const context = { world, pendings, request, draft: crushDraft(world, pendings) }
      return place(context, {
        id,
        name,
        given,
        weight: storedWeight(given),
        location: parseLocation(args),
      })
    }),
})

const describePlacing = ({ id, name, given, location }: Placing): string =>
  `item id ${id} name '${name}' weight ${printGeneral(given)} at location ${printCrushLocation(location)}`

const missingBeforeCrush = (name: string): string =>
  `${name} does not exist. Create it before updating the crush map`

const settle = (
  { pendings, request, draft }: Parameters<Place>[0],
  placing: Placing,
  action: string,
  changed: E.Either<CrushEditError, boolean>,
): UpdateResult => {
  if (E.isLeft(changed)) return answered(request, crushFailure(changed.left))
  const text = `${action} ${describePlacing(placing)}`
  return changed.right || hasPendingCrush(pendings)
    ? proposeCrush(request, pendings, draft, `${text} to crush map`)
    : answered(request, done(`${text}: no change`))
}

export const crushSet = placeOsd(missingBeforeCrush, (context, placing) => {
  const { world, request, draft } = context
  const { id, weight, name, location } = placing
  return world.committed.osdmap.map.crush.itemNames.has(id)
    ? settle(context, placing, 'set', updateItem(draft, id, weight, name, location))
    : answered(request, failed(ERRNO.ENOENT, `unable to set ${describePlacing(placing)}: does not exist`))
})

export const crushAdd = placeOsd(missingBeforeCrush, (context, placing) => {
  const { draft } = context
  const { id, weight, name, location } = placing
  if (weightAt(draft, id, location) !== undefined)
    return settle(context, placing, 'set', updateItem(draft, id, weight, name, location))
  const inserted = insertItem(draft, id, weight, name, location)
  return settle(context, placing, 'add', E.map(() => true)(inserted))
})

export const crushCreateOrMove = placeOsd(
  (name) => `${name} does not exist.  create it before updating the crush map`,
  ({ world, pendings, request, draft }, { id, name, given, weight, location }) => {
    const weightSets = world.options.bool('osd_crush_update_weight_set')
    const changed = createOrMoveItem(draft, id, weight, name, location, weightSets)
    if (E.isLeft(changed)) return answered(request, crushFailure(changed.left))
    const where =
      `item name '${name}' weight ${printGeneral(given)}` +
      ` at location ${printCrushLocation(location)} to crush map`
    return changed.right
      ? proposeCrush(request, pendings, draft, `create-or-move updating ${where}`)
      : answered(request, done(`create-or-move updated ${where}`))
  },
)

const NameArgs = t.partial({ name: CephString, args: CephStrings })

const missingItem = (name: string): CommandReply => failed(ERRNO.ENOENT, `item ${name} does not exist`)

export const crushMove: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(NameArgs, request, command, ({ name = '', args = [] }) => {
      const draft = crushDraft(world, pendings)
      const location = parseLocation(args)
      const id = draft.idOfName(name)
      if (id === undefined) return answered(request, missingItem(name))
      const where = `item id ${id} name '${name}' to location ${printCrushLocation(location)} in crush map`
      if (weightAt(draft, id, location) !== undefined)
        return answered(request, done(`no need to move ${where}`))
      const weightSets = world.options.bool('osd_crush_update_weight_set')
      const moved: E.Either<CrushEditError, unknown> =
        id >= 0 ? createOrMoveItem(draft, id, 0, name, location, weightSets) : moveBucket(draft, id, location)
      return proposeEdit(request, pendings, draft, moved, `moved ${where}`)
    }),
}

export const crushLink: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(NameArgs, request, command, ({ name = '', args = [] }) => {
      const draft = crushDraft(world, pendings)
      const location = parseLocation(args)
      const id = draft.idOfName(name)
      if (id === undefined) return answered(request, missingItem(name))
      const where = `item id ${id} name '${name}' to location ${printCrushLocation(location)}`
      if (weightAt(draft, id, location) !== undefined)
        return answered(request, done(`no need to move ${where} in crush map`))
      const linked = linkBucket(draft, id, location)
      return E.isLeft(linked)
        ? answered(request, crushFailure(linked.left, `cannot link ${where}`))
        : proposeCrush(request, pendings, draft, `linked ${where} in crush map`)
    }),
}

const RemoveArgs = t.partial({ name: CephString, ancestor: CephString })

const removeFrom = (unlinkOnly: boolean): CommandHandler => ({
  update: (world, pendings, request, command) =>
    updateWith(RemoveArgs, request, command, ({ name = '', ancestor }) => {
      const draft = crushDraft(world, pendings)
      const id = draft.idOfName(name)
      if (id === undefined)
        return answered(request, done(`device '${name}' does not appear in the crush map`))
      const above = ancestor === undefined ? undefined : draft.idOfName(ancestor)
      if (ancestor !== undefined && above === undefined)
        return answered(
          request,
          failed(ERRNO.ENOENT, `ancestor item '${ancestor}' does not appear in the crush map`),
        )
      const removed =
        above !== undefined && above < 0
          ? removeItemUnder(draft, id, above, unlinkOnly)
          : removeItem(draft, id, unlinkOnly)
      if (E.isLeft(removed))
        return answered(
          request,
          removed.left === 'ENOENT'
            ? done(`item ${id} does not appear in that position`)
            : crushFailure(removed.left),
        )
      const changed = withCrush(pendings.osdmap, draft)
      const osdmap = unlinkOnly
        ? changed
        : withInc(changed, { newCrushNodeFlags: withEntry(changed.inc.newCrushNodeFlags, id, 0) })
      return prepared(request, { osdmap }, done(`removed item id ${id} name '${name}' from crush map`))
    }),
})

export const crushRemove = removeFrom(false)
export const crushUnlink = removeFrom(true)

const WeightArgs = t.type({ name: CephString, weight: CephFloat })

const reweight = (
  isDevice: boolean,
  change: typeof reweightItem,
  noun: string,
  refusal: string,
): CommandHandler => ({
  update: (world, pendings, request, command) =>
    updateWith(WeightArgs, request, command, ({ name, weight }) => {
      const draft = crushDraft(world, pendings)
      const id = draft.idOfName(name)
      if (id === undefined)
        return answered(request, failed(ERRNO.ENOENT, `device '${name}' does not appear in the crush map`))
      if (id >= 0 !== isDevice)
        return answered(
          request,
          failed(ERRNO.EINVAL, `device '${name}' is not a ${refusal} in the crush map`),
        )
      const weightSets = world.options.bool('osd_crush_update_weight_set')
      const changed = change(draft, id, storedWeight(weight), weightSets)
      const text = `reweighted ${noun} id ${id} name '${name}' to ${printGeneral(weight)} in crush map`
      return proposeEdit(request, pendings, draft, changed, text)
    }),
})

export const crushReweight = reweight(true, reweightItem, 'item', 'leaf')
export const crushReweightSubtree = reweight(false, reweightSubtree, 'subtree', 'subtree')

export const crushReweightAll: CommandHandler = {
  update: (world, pendings, request) => {
    const draft = crushDraft(world, pendings)
    reweightAll(draft)
    return proposeCrush(request, pendings, draft, 'reweighted crush hierarchy')
  },
}
