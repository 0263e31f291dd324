/**
 * `mon enable-msgr2`: monitors that listen on the old port alone get the new one too.
 * Source: ceph src/mon/MonmapMonitor.cc MonmapMonitor::prepare_command.
 */
import { ADDR_TYPE, type EntityAddrvec, portOf, withPort, withType } from '../../../codec/type/entity-addr.ts'
import { replaceMon, requiredMonFeatures } from '../../../map/mon-map/edit.ts'
import { MON_FEATURE } from '../../../map/mon-map/mon-feature.ts'
import type { MonInfo } from '../../../map/mon-map/mon-map.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed } from '../../reply.ts'
import { changeMonmap } from '../change.ts'
import { PORT_IANA, PORT_LEGACY } from './add.ts'

export const monEnableMsgr2: CommandHandler = {
  update: ({ monmap }, pendings, request) => {
    if ((requiredMonFeatures(monmap) & MON_FEATURE.nautilus) === 0n)
      return answered(request, failed(ERRNO.EACCES, 'all monitors must be running nautilus to enable v2'))
    const changed = [...monmap.mons.values()].flatMap(withMsgr2)
    return changed.length === 0
      ? answered(request, done())
      : changeMonmap(pendings, request, done(), (map) => changed.reduce(replaceMon, map))
  },
}

const withMsgr2 = (mon: MonInfo): readonly MonInfo[] => {
  const [addr, ...more] = mon.publicAddrs
  if (addr?.type !== ADDR_TYPE.legacy || more.length > 0 || portOf(addr) !== PORT_LEGACY) return []
  const publicAddrs: EntityAddrvec = [withPort(withType(addr, 'msgr2'), PORT_IANA), addr]
  return [{ ...mon, publicAddrs }]
}
