/**
 * Networks that a grant is confined to, `10.0.0.0/8` or `fd00::/64`.
 *
 * Source: ceph src/common/ipaddr.cc parse_network, network_contains.
 */
import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { type EntityAddr, ipOf } from '../codec/type/entity-addr.ts'

const NETWORK = /^([^/]*)\/ *\+?(\d+)$/

/** Whether `address` lies in `network`; nothing lies in a network that is not one. */
export const networkContains = (network: string, address: EntityAddr): boolean => {
  const [, base = '', bits = ''] = NETWORK.exec(network) ?? []
  const family = isIPv4(base) ? 'ipv4' : isIPv6(base) ? 'ipv6' : undefined
  const ip = ipOf(address)
  if (family === undefined || ip === '' || (family === 'ipv4') !== isIPv4(ip)) return false
  const list = new BlockList()
  list.addSubnet(base, Math.min(Number(bits), family === 'ipv4' ? 32 : 128), family)
  return list.check(ip, family)
}
