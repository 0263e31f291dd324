/** `osd reweight`, `reweightn`, `primary-affinity`, `lost`. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::prepare_command_impl. */
import * as t from 'io-ts'
import { printGeneral } from '../../../base/json.ts'
import { withEntry } from '../../../base/ordered.ts'
import { OSD_WEIGHT_IN, PRIMARY_AFFINITY_DEFAULT } from '../../../map/osd-map/constant.ts'
import { osdExists, osdIsUp, osdOf, type OsdMap } from '../../../map/osd-map/osd-map.ts'
import { CephBool, CephFloat, CephInt, CephString, updateWith } from '../../args.ts'
import type { CommandHandler, CommandReply } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import { withInc } from '../pending.ts'

const WeightArgs = t.type({ id: CephInt, weight: CephFloat })

// As the original's int: what does not fit becomes negative.
const isWeight = (stored: number): boolean => stored >= 0 && stored <= 0x7fff_ffff

const missingOsd = (id: number): CommandReply => failed(ERRNO.ENOENT, `osd.${id} does not exist`)

export const osdReweight: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(WeightArgs, request, command, ({ id, weight }) => {
      const stored = Math.trunc(OSD_WEIGHT_IN * weight)
      if (!isWeight(stored)) return answered(request, failed(ERRNO.EINVAL, 'weight must be >= 0'))
      if (!osdExists(world.committed.osdmap.map, id)) return answered(request, missingOsd(id))
      const osdmap = withInc(pendings.osdmap, {
        newWeight: withEntry(pendings.osdmap.inc.newWeight, id, stored),
      })
      const text = `reweighted osd.${id} to ${printGeneral(weight)} (${stored.toString(16)})`
      return prepared(request, { osdmap }, done(text))
    }),
}

const WeightsArgs = t.partial({ weights: CephString })
const Weights = t.record(t.string, t.string)

type WeightsError = 'EINVAL' | 'ENOENT'

// Python's quotes are taken for JSON's.
const parseWeights = (map: OsdMap, text: string): ReadonlyMap<number, number> | WeightsError => {
  const json = parsedJson(text.replaceAll("'", '"'))
  if (!Weights.is(json)) return 'EINVAL'
  const weights = new Map<number, number>()
  for (const [osdText, weightText] of Object.entries(json)) {
    const osd = Number.parseInt(osdText, 10)
    const weight = Number.parseInt(weightText, 10)
    if (Number.isNaN(osd) || !isWeight(weight)) return 'EINVAL'
    if (!osdExists(map, osd)) return 'ENOENT'
    weights.set(osd, weight)
  }
  return weights
}

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const osdReweightMany: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(WeightsArgs, request, command, ({ weights: text = '' }) => {
      const weights = parseWeights(world.committed.osdmap.map, text)
      if (typeof weights === 'string')
        return answered(request, failed(ERRNO[weights], `unable to parse 'weights' value '${text}'`))
      const { newWeight } = pendings.osdmap.inc
      // What is pending already stays.
      const osdmap = withInc(pendings.osdmap, { newWeight: new Map([...weights, ...newWeight]) })
      return prepared(request, { osdmap }, done())
    }),
}

// The original means to print the number in hex and prints the flags of its stream around it instead.
const printAffinity = (stored: number): string => `8${stored}2`

export const osdPrimaryAffinity: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(WeightArgs, request, command, ({ id, weight }) => {
      const stored = Math.trunc(PRIMARY_AFFINITY_DEFAULT * weight)
      if (!isWeight(stored)) return answered(request, failed(ERRNO.EINVAL, 'weight must be >= 0'))
      if (!osdExists(world.committed.osdmap.map, id)) return answered(request, missingOsd(id))
      const osdmap = withInc(pendings.osdmap, {
        newPrimaryAffinity: withEntry(pendings.osdmap.inc.newPrimaryAffinity, id, stored),
      })
      const text = `set osd.${id} primary-affinity to ${printGeneral(weight)} (${printAffinity(stored)})`
      return prepared(request, { osdmap }, done(text))
    }),
}

const LostArgs = t.intersection([t.type({ id: CephInt }), t.partial({ yes_i_really_mean_it: CephBool })])

export const osdLost: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(LostArgs, request, command, ({ id, yes_i_really_mean_it: sure = false }) => {
      const { map } = world.committed.osdmap
      if (!sure)
        return answered(
          request,
          failed(
            ERRNO.EPERM,
            'are you SURE?  this might mean real, permanent data loss.  pass --yes-i-really-mean-it if you really do.',
          ),
        )
      if (!osdExists(map, id)) return answered(request, missingOsd(id))
      if (osdIsUp(map, id)) return answered(request, failed(ERRNO.EBUSY, `osd.${id} is not down`))
      const epoch = osdOf(map, id).info.downAt
      const osdmap = withInc(pendings.osdmap, {
        newLost: withEntry(pendings.osdmap.inc.newLost, id, epoch),
      })
      return prepared(request, { osdmap }, done(`marked osd lost in epoch ${epoch}`))
    }),
}
