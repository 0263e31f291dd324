/**
 * Single values of the map: max_osd, the full ratios, the releases that are required.
 * Source: ceph src/mon/OSDMonitor.cc OSDMonitor::prepare_command_impl.
 */
import * as t from 'io-ts'
import { printGeneral } from '../../../base/json.ts'
import { entityTypeName, ENTITY_TYPE } from '../../../codec/type/entity-name.ts'
import { releaseOfFeatures, FEATURE, featuresOfRelease } from '../../../map/feature.ts'
import type { Incremental } from '../../../map/osd-map/incremental.ts'
import { minCompatClient } from '../../../map/osd-map/min-compat-client.ts'
import { countUpOsds, osdExists } from '../../../map/osd-map/osd-map.ts'
import { upOsdFeatures } from '../../../map/osd-map/up-features.ts'
import { RELEASE, releaseName, releaseOfName } from '../../../map/release.ts'
import { CephBool, CephFloat, CephInt, CephString, updateWith } from '../../args.ts'
import type { CommandHandler, World } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, output, prepared } from '../../reply.ts'
import { withInc } from '../pending.ts'
import { projectedMap } from '../projected.ts'

const MaxArgs = t.type({ newmax: CephInt })

export const osdSetMaxOsd: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(MaxArgs, request, command, ({ newmax }) => {
      const { map } = world.committed.osdmap
      const limit = world.options.int('mon_max_osd')
      if (newmax > limit)
        return answered(
          request,
          failed(ERRNO.ERANGE, `cannot set max_osd to ${newmax} which is > conf.mon_max_osd (${limit})`),
        )
      const used = [...map.osds.keys()].find((osd) => osd >= newmax && osdExists(map, osd))
      if (used !== undefined)
        return answered(
          request,
          failed(
            ERRNO.EBUSY,
            `cannot shrink max_osd to ${newmax} because osd.${used} (and possibly others) still in use`,
          ),
        )
      const osdmap = withInc(pendings.osdmap, { newMaxOsd: newmax })
      return prepared(request, { osdmap }, done(`set new max_osd = ${newmax}`))
    }),
}

const RatioArgs = t.type({ ratio: CephFloat })

const setRatio = (field: 'newFullRatio' | 'newBackfillfullRatio' | 'newNearfullRatio'): CommandHandler => ({
  update: (_world, pendings, request, command) =>
    updateWith(RatioArgs, request, command, ({ ratio }) => {
      const change: Partial<Incremental> = { [field]: Math.fround(ratio) }
      const osdmap = withInc(pendings.osdmap, change)
      return prepared(request, { osdmap }, done(`${command.prefix} ${printGeneral(ratio)}`))
    }),
})

export const osdSetFullRatio = setRatio('newFullRatio')
export const osdSetBackfillfullRatio = setRatio('newBackfillfullRatio')
export const osdSetNearfullRatio = setRatio('newNearfullRatio')

export const osdGetRequireMinCompatClient: CommandHandler = {
  query: ({ committed }) => output(`${releaseName(committed.osdmap.map.requireMinCompatClient)}\n`),
}

const ClientArgs = t.partial({ version: CephString, yes_i_really_mean_it: CephBool })

export const osdSetRequireMinCompatClient: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(ClientArgs, request, command, ({ version = '', yes_i_really_mean_it: sure = false }) => {
      const release = releaseOfName(version)
      if (release === undefined)
        return answered(request, failed(ERRNO.EINVAL, `version ${version} is not recognized`))
      const next = projectedMap(world.committed.osdmap.map, pendings.osdmap.inc)
      const needed = minCompatClient(next)
      if (release < needed)
        return answered(
          request,
          failed(
            ERRNO.EPERM,
            `osdmap current utilizes features that require ${releaseName(needed)};` +
              ` cannot set require_min_compat_client below that to ${releaseName(release)}`,
          ),
        )
      const old = sure ? [] : tooOldSessions(world, release)
      if (old.length > 0)
        return answered(
          request,
          failed(
            ERRNO.EPERM,
            `cannot set require_min_compat_client to ${version}: ${old.join('; ')};` +
              ' add --yes-i-really-mean-it to do it anyway',
          ),
        )
      const osdmap = withInc(pendings.osdmap, { newRequireMinCompatClient: release })
      return prepared(request, { osdmap }, done(`set require_min_compat_client to ${releaseName(release)}`))
    }),
}

const CLIENT_TYPES = [ENTITY_TYPE.client, ENTITY_TYPE.mds, ENTITY_TYPE.mgr]

// By type and features: who is connected that does not understand all that the release does.
const tooOldSessions = (world: World, release: number): readonly string[] => {
  const needed = featuresOfRelease(release)
  const sessions = [...world.sessions]
  return CLIENT_TYPES.flatMap((type) => {
    const counts = new Map<bigint, number>()
    for (const { peerType, features } of sessions)
      if (peerType === type && (~features & needed) !== 0n)
        counts.set(features, (counts.get(features) ?? 0) + 1)
    return [...counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(
        ([features, count]) =>
          `${count} connected ${entityTypeName(type)}(s) look like ${releaseName(releaseOfFeatures(features))}` +
          ` (missing 0x${(~features & needed).toString(16)})`,
      )
  })
}

const ReleaseArgs = t.partial({ release: CephString, yes_i_really_mean_it: CephBool })

const SERVER_FEATURES: ReadonlyMap<number, readonly [name: string, mask: bigint]> = new Map([
  [RELEASE.mimic, ['SERVER_MIMIC', FEATURE.SERVER_MIMIC]],
  [RELEASE.nautilus, ['SERVER_NAUTILUS', FEATURE.SERVER_NAUTILUS]],
  [RELEASE.octopus, ['SERVER_OCTOPUS', FEATURE.SERVER_OCTOPUS]],
  [RELEASE.pacific, ['SERVER_PACIFIC', FEATURE.SERVER_PACIFIC]],
])

export const osdRequireOsdRelease: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(
      ReleaseArgs,
      request,
      command,
      ({ release: name = '', yes_i_really_mean_it: sure = false }) => {
        const { map } = world.committed.osdmap
        const refuse = (text: string): ReturnType<typeof answered> =>
          answered(request, failed(ERRNO.EPERM, text))
        const release = releaseOfName(name)
        if (release === undefined)
          return answered(request, failed(ERRNO.EINVAL, `unrecognized release ${name}`))
        if (release === map.requireOsdRelease) return answered(request, done())
        if (countUpOsds(map) === 0 && !sure)
          return refuse(
            'Not advisable to continue since no OSDs are up. Pass --yes-i-really-mean-it if you really wish to continue.',
          )
        const feature = SERVER_FEATURES.get(release)
        if (feature === undefined) return refuse('not supported for this release yet')
        if (world.monmap.minMonRelease < release) return refuse(`not all mons are ${name}`)
        if ((upOsdFeatures(map) & feature[1]) !== feature[1] && !sure)
          return refuse(`not all up OSDs have CEPH_FEATURE_${feature[0]} feature`)
        if (release < map.requireOsdRelease)
          return refuse('require_osd_release cannot be lowered once it has been set')
        const osdmap = withInc(pendings.osdmap, { newRequireOsdRelease: release })
        return prepared(request, { osdmap }, done())
      },
    ),
}
