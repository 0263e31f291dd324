/** `mon add <name> <addr> [<location>…]`. Source: ceph src/mon/MonmapMonitor.cc MonmapMonitor::prepare_command. */
import * as t from 'io-ts'
import {
  type EntityAddr,
  type EntityAddrvec,
  parseAddr,
  portOf,
  printAddr,
  printAddrvec,
  sameAddrvec,
  withPort,
  withType,
} from '../../../codec/type/entity-addr.ts'
import { addMon, monInfo } from '../../../map/mon-map/edit.ts'
import type { MonMap } from '../../../map/mon-map/mon-map.ts'
import { monOfAddrs } from '../../../map/mon-map/rank.ts'
import { CephString, CephStrings, updateWith } from '../../args.ts'
import type { CommandHandler, CommandReply } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed } from '../../reply.ts'
import { changeMonmap } from '../change.ts'
import { notALocationText, parseLocation } from '../location.ts'

const Args = t.intersection([
  t.type({ name: CephString, addr: CephString }),
  t.partial({ location: CephStrings }),
])

/** Ports of monitors: the one that IANA gave for msgr2, and the old one. */
export const PORT_IANA = 3300
export const PORT_LEGACY = 6789

export const monAdd: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(Args, request, command, ({ name, addr: text, location = [] }) => {
      const addr = parseAddr(text)
      if (addr === undefined) return answered(request, failed(ERRNO.EINVAL, `addr ${text}does not parse`))
      const crushLoc = parseLocation(location)
      if (location.length > 0 && crushLoc.size === 0)
        return answered(request, failed(ERRNO.EINVAL, notALocationText(location)))
      const addrs = addrsAt(addr)
      const ended = existing(world.monmap, name, addrs)
      if (ended !== undefined) return answered(request, ended)
      const reply = done(`adding mon.${name} at ${printAddrvec(addrs)}`)
      return changeMonmap(pendings, request, reply, (map) =>
        addMon(map, { ...monInfo(name, addrs), crushLoc }),
      )
    }),
}

/** Who names no port, or the old one, means both. */
const addrsAt = (addr: EntityAddr): EntityAddrvec => {
  const port = portOf(addr) === PORT_LEGACY ? 0 : portOf(addr)
  if (port !== 0) return [port === PORT_IANA ? withType(addr, 'msgr2') : addr]
  return [withPort(withType(addr, 'msgr2'), PORT_IANA), withPort(withType(addr, 'legacy'), PORT_LEGACY)]
}

const existing = (map: MonMap, name: string, addrs: EntityAddrvec): CommandReply | undefined => {
  const known = map.mons.get(name)
  if (known !== undefined)
    return sameAddrvec(known.publicAddrs, addrs)
      ? done(`mon.${name} at ${printAddrvec(addrs)} already exists`)
      : failed(ERRNO.EEXIST, `mon.${name} already exists at address ${printAddrvec(known.publicAddrs)}`)
  const other = monOfAddrs(map, addrs)
  return other === undefined
    ? undefined
    : failed(
        ERRNO.EEXIST,
        `mon.${other.name} already exists at address ${addrs.slice(-1).map(printAddr).join('')}`,
      )
}
