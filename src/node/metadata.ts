/**
 * What a monitor tells the others about the machine it runs on: `ceph mon metadata`.
 * Source: ceph src/common/util.cc collect_sys_info, src/mon/Monitor.cc collect_metadata.
 */
import { readFileSync } from 'node:fs'
import { arch, cpus, hostname, release, type, version } from 'node:os'
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
    ['kernel_description', version()],
    ['kernel_version', release()],
    ['mem_swap_kb', memory.get('SwapTotal')],
    ['mem_total_kb', memory.get('MemTotal')],
    ['os', type()],
  ]
  return new Map(facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])))
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
