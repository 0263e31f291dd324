/**
 * `config generate-minimal-conf`: a ceph.conf with which a client finds the monitors.
 *
 * Source: ceph src/mon/ConfigMonitor.cc preprocess_command; src/mon/ConfigMap.cc Section::get_minimal_conf.
 */
import { byBytes, sortedEntries } from '../../../base/ordered.ts'
import {
  ADDR_TYPE,
  portOf,
  printAddrNoType,
  printAddrvec,
  type EntityAddrvec,
} from '../../../codec/type/entity-addr.ts'
import type { CommandHandler } from '../../contract.ts'
import { output } from '../../reply.ts'
import type { Section } from '../config-map.ts'
import { printMask } from '../config-map.ts'

const LEGACY_MON_PORT = 6789

// Options that clients need before they can ask for any.
const MINIMAL_OPTIONS: ReadonlySet<string> = new Set(['auth_client_required'])

export const configGenerateMinimalConf: CommandHandler = {
  query: ({ fsid, monmap, committed }) => {
    const hosts = sortedEntries(monmap.mons, byBytes).map(([, mon]) => printHost(mon.publicAddrs))
    const { global, byType, byId } = committed.config.map
    const sections = [...byType, ...byId]
      .map(([name, section]) => [name, minimal(section)] as const)
      .filter(([, text]) => text !== '')
      .map(([name, text]) => `\n[${name}]\n${text}`)
    return output(
      `# minimal ceph.conf for ${fsid}\n[global]\n\tfsid = ${fsid}\n\tmon_host = ${hosts.join(' ')}\n` +
        minimal(global) +
        sections.join(''),
    )
  },
}

// A lone v1 address on the old port is written so that old clients understand it.
const printHost = (addrs: EntityAddrvec): string => {
  const [first] = addrs
  return addrs.length === 1 && first?.type === ADDR_TYPE.legacy && portOf(first) === LEGACY_MON_PORT
    ? printAddrNoType(first)
    : printAddrvec(addrs)
}

const minimal = (section: Section): string =>
  section
    .filter(({ name }) => MINIMAL_OPTIONS.has(name))
    .map(({ name, value, mask }) =>
      printMask(mask) === '' ? `\t${name} = ${value}\n` : `\t# masked option excluded: ${name} = ${value}\n`,
    )
    .join('')
