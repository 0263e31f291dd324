/** Whether an address is shut out. Source: ceph src/osd/OSDMap.cc OSDMap::is_blocklisted. */
import { addrKey } from '../../codec/type/addr-key.ts'
import { ADDR_TYPE, type EntityAddr, entityAddr, ipOf } from '../../codec/type/entity-addr.ts'
import type { OsdMap } from '../../map/osd-map/osd-map.ts'

/** An entry of port and nonce 0 shuts out the whole host. The types of addresses do not matter. */
export const isBlocklisted = (map: OsdMap, addr: EntityAddr): boolean => {
  if (map.blocklist.size === 0) return false
  const ip = ipOf(addr)
  return (
    map.blocklist.has(addrKey({ ...addr, type: ADDR_TYPE.any })) ||
    (ip !== '' && map.blocklist.has(addrKey(entityAddr('any', ip, 0, 0))))
  )
}
