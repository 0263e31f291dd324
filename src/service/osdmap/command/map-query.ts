/** Commands that show an osdmap, of any epoch that is kept. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::preprocess_command. */
import * as t from 'io-ts'
import { crushMapBytes } from '../../../map/crush/codec.ts'
import { devicesUnder, itemIdOfName } from '../../../map/crush/location.ts'
import { osdJson, osdMapDump } from '../../../map/osd-map/dump.ts'
import { printOsd, printOsdMap } from '../../../map/osd-map/dump-plain.ts'
import { osdExists, osdIds } from '../../../map/osd-map/osd-map.ts'
import { CephInt, CephString, queryWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { failed, output } from '../../reply.ts'
import { withMapOfEpoch } from '../epoch-map.ts'
import { linesOrJson, linesOutput } from '../output.ts'
import { osdMapSummaryJson, printOsdMapSummary } from '../summary.ts'

const Epoch = t.partial({ epoch: CephInt })

export const osdStat: CommandHandler = {
  query: ({ committed, now }, _request, command) => {
    const { map } = committed.osdmap
    return linesOrJson(
      command,
      () => osdMapSummaryJson(map),
      () => printOsdMapSummary(map, now, '', true),
    )
  },
}

export const osdDump: CommandHandler = {
  query: (world, _request, command) =>
    queryWith(Epoch, command, ({ epoch }) =>
      withMapOfEpoch(world, epoch, (map) =>
        linesOutput(
          command,
          () => osdMapDump(map),
          () => printOsdMap(map),
        ),
      ),
    ),
}

export const osdGetMap: CommandHandler = {
  query: (world, _request, command) =>
    queryWith(Epoch, command, ({ epoch }) =>
      withMapOfEpoch(world, epoch, (map, bytes) => output(bytes, `got osdmap epoch ${map.epoch}`)),
    ),
}

export const osdGetCrushMap: CommandHandler = {
  query: (world, _request, command) =>
    queryWith(Epoch, command, ({ epoch }) =>
      withMapOfEpoch(world, epoch, (map) => output(crushMapBytes(map.crush), map.crushVersion.toString())),
    ),
}

export const osdGetMaxOsd: CommandHandler = {
  query: ({ committed }, _request, command) => {
    const { epoch, osds } = committed.osdmap.map
    return linesOrJson(
      command,
      () => ({ epoch, max_osd: osds.length }),
      () => `max_osd = ${osds.length} in epoch ${epoch}`,
    )
  },
}

// Like the original, these two look at the newest map, whatever epoch was asked for, once that has been found.
export const osdList: CommandHandler = {
  query: (world, _request, command) =>
    queryWith(Epoch, command, ({ epoch }) =>
      withMapOfEpoch(world, epoch, () => {
        const ids = osdIds(world.committed.osdmap.map)
        return linesOutput(
          command,
          () => ids,
          () => ids.join('\n'),
        )
      }),
    ),
}

const Id = t.partial({ id: CephInt })

export const osdInfo: CommandHandler = {
  query: (world, _request, command) =>
    queryWith(Id, command, ({ id }) => {
      const { map } = world.committed.osdmap
      if (id === undefined)
        return linesOutput(
          command,
          () => osdIds(map).map((osd) => osdJson(map, osd)),
          () =>
            osdIds(map)
              .map((osd) => printOsd(map, osd))
              .join('\n'),
        )
      return osdExists(map, id)
        ? linesOutput(
            command,
            () => osdJson(map, id),
            () => printOsd(map, id),
          )
        : failed(ERRNO.EINVAL, `osd.${id} does not exist`)
    }),
}

const NameArgs = t.intersection([t.type({ name: CephString }), Epoch])

export const osdListTree: CommandHandler = {
  query: (world, _request, command) =>
    queryWith(NameArgs, command, ({ name, epoch }) =>
      withMapOfEpoch(world, epoch, ({ crush }) => {
        const bucket = itemIdOfName(crush, name)
        if (bucket === undefined) return failed(ERRNO.ENOENT, `"${name}" does not exist`)
        const osds = devicesUnder(crush, bucket).filter((osd) => osdExists(world.committed.osdmap.map, osd))
        return linesOutput(
          command,
          () => osds,
          () => osds.join('\n'),
        )
      }),
    ),
}
