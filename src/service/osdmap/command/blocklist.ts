/** `osd blocklist …` and its old spelling. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::preprocess_command, prepare_command_impl. */
import * as t from 'io-ts'
import { printGeneral } from '../../../base/json.ts'
import { sortedEntries, withEntry, withoutEntry } from '../../../base/ordered.ts'
import { addrKey, addrOfKey, byAddrKey } from '../../../codec/type/addr-key.ts'
import { ADDR_TYPE, parseAddr, printAddr, printAddrNoType } from '../../../codec/type/entity-addr.ts'
import { addSeconds, printUtime, utimeOfMs } from '../../../codec/type/utime.ts'
import { formatJson } from '../../../base/json.ts'
import { CephFloat, CephString, updateWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, output, prepared, wantsJson } from '../../reply.ts'
import { isBlocklisted } from '../blocklisted.ts'
import { withInc } from '../pending.ts'

/** In JSON a second list follows, of ranges. */
export const blocklistList: CommandHandler = {
  query: ({ committed }, _request, command) => {
    const { blocklist, rangeBlocklist } = committed.osdmap.map
    const entries = sortedEntries(blocklist, byAddrKey)
    const ranges = sortedEntries(rangeBlocklist, byAddrKey)
    const text = `listed ${entries.length + ranges.length} entries`
    if (!wantsJson(command))
      return output(
        [...entries, ...ranges]
          .map(([key, until]) => `${printAddr(addrOfKey(key))} ${printUtime(until)}\n`)
          .join(''),
        text,
      )
    const pretty = command.format === 'json-pretty'
    const json = (list: typeof entries): string =>
      formatJson(
        list.map(([key, until]) => ({ addr: printAddrNoType(addrOfKey(key)), until: printUtime(until) })),
        pretty,
      )
    return output(json(entries) + json(ranges), text)
  },
}

export const blocklistClear: CommandHandler = {
  update: (world, pendings, request) => {
    const { map } = world.committed.osdmap
    const { inc } = pendings.osdmap
    const osdmap = withInc(pendings.osdmap, {
      newBlocklist: new Map(),
      oldBlocklist: [...inc.oldBlocklist, ...sortedEntries(map.blocklist, byAddrKey).map(([key]) => key)],
      newRangeBlocklist: new Map(),
      oldRangeBlocklist: [
        ...inc.oldRangeBlocklist,
        ...sortedEntries(map.rangeBlocklist, byAddrKey).map(([key]) => key),
      ],
    })
    return prepared(request, { osdmap }, done(' removed all blocklist entries'))
  },
}

const Args = t.partial({
  blocklistop: CephString,
  blacklistop: CephString,
  addr: CephString,
  expire: CephFloat,
})

/** Single addresses only: a range needs `range` as the first word and is refused. */
export const blocklistChange: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(Args, request, command, ({ blocklistop, blacklistop, addr: text = '', expire }) => {
      const { map } = world.committed.osdmap
      const { inc } = pendings.osdmap
      const parsed = parseAddr(text, 'any')
      if (parsed === undefined)
        return answered(request, failed(ERRNO.EINVAL, `unable to parse address ${text}`))
      const addr = { ...parsed, type: ADDR_TYPE.any }
      const key = addrKey(addr)
      const op = blocklistop ?? blacklistop
      if (op === 'add') {
        const seconds = expire ?? world.options.float('mon_osd_blocklist_default_expire')
        const until = addSeconds(utimeOfMs(world.now), seconds)
        const osdmap = withInc(pendings.osdmap, {
          newBlocklist: withEntry(inc.newBlocklist, key, until),
          oldBlocklist: inc.oldBlocklist.filter((old) => old !== key),
        })
        const reply = `blocklisting ${printAddr(addr)} until ${printUtime(until)} (${printGeneral(seconds)} sec)`
        return prepared(request, { osdmap }, done(reply))
      }
      if (op !== 'rm') return answered(request, done())
      const isListed = isBlocklisted(map, addr)
      if (!isListed && !inc.newBlocklist.has(key))
        return answered(request, done(`${printAddr(addr)} isn't blocklisted`))
      const osdmap = withInc(
        pendings.osdmap,
        isListed
          ? { oldBlocklist: [...inc.oldBlocklist, key] }
          : { newBlocklist: withoutEntry(inc.newBlocklist, key) },
      )
      return prepared(request, { osdmap }, done(`un-blocklisting ${printAddr(addr)}`))
    }),
}
