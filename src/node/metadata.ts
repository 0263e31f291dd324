/**
 * What a monitor tells the others about the machine it runs on: `ceph mon metadata`.
 * Source: ceph src/common/util.cc collect_sys_info, src/mon/Monitor.cc collect_metadata.
 */
import { readFileSync } from 'node:fs'
import { arch, cpus, hostname, release, type, version } from 'node:os'
import { byBytes, sortedEntries } from '../base/ordered.ts'
import { printAddrvec, type EntityAddrvec } from '../codec/type/entity-addr.ts'
import { CEPH_RELEASE, CEPH_VERSION, CEPH_VERSION_SHORT } from '../monitor/version.ts'

// Names of uname's machine field for those of Node.
const MACHINE: ReadonlyMap<string, string> = new Map([
  ['x64', 'x86_64'],
  ['arm64', 'aarch64'],
])

/** Facts in byte order of their names. Unknown ones are left out. */
export const hostMetadata = (addrs: EntityAddrvec): ReadonlyMap<string, string> => {
  const memory = keysOf('/proc/meminfo', /^(\w+):\s+(\d+) kB$/gm)
  const distro = keysOf('/etc/os-release', /^(\w+)="?([^"\n]*)"?$/gm)
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['addrs', printAddrvec(addrs)],
    ['arch', MACHINE.get(arch()) ?? arch()],
    ['ceph_release', CEPH_RELEASE],
    ['ceph_version', CEPH_VERSION],
    ['ceph_version_short', CEPH_VERSION_SHORT],
    ['compression_algorithms', 'none'],
    ['cpu', cpus()[0]?.model],
    ['device_ids', ''],
    ['device_paths', ''],
    ['devices', ''],
    ['distro', distro.get('ID')],
    ['distro_description', distro.get('PRETTY_NAME')],
    ['distro_version', distro.get('VERSION_ID')],
    ['hostname', hostname()],
    ...containerFacts(),
    ['kernel_description', version()],
    ['kernel_version', release()],
    ['mem_swap_kb', memory.get('SwapTotal')],
    ['mem_total_kb', memory.get('MemTotal')],
    ['os', type()],
  ]
  const known = facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
  return new Map(sortedEntries(new Map(known), byBytes))
}

// How the machine is called from outside when the monitor runs in a container, whose environment says so.
const containerFacts = (): readonly (readonly [string, string | undefined])[] => {
  const { POD_NAME, CONTAINER_NAME, CONTAINER_IMAGE, NODE_NAME, POD_NAMESPACE } = process.env
  const isInside = POD_NAME !== undefined || CONTAINER_NAME !== undefined || CONTAINER_IMAGE !== undefined
  return [
    ['pod_name', POD_NAME],
    ['container_name', CONTAINER_NAME],
    ['container_image', CONTAINER_IMAGE],
    ['pod_namespace', isInside ? POD_NAMESPACE : undefined],
    ...(isInside && NODE_NAME !== undefined
      ? ([
          ['container_hostname', hostname()],
          ['hostname', NODE_NAME],
        ] as const)
      : []),
  ]
}

const keysOf = (path: string, line: RegExp): ReadonlyMap<string, string> => {
  const text = readText(path)
  return new Map([...text.matchAll(line)].map(([, key = '', value = '']) => [key, value]))
}

const readText = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
