/** One real ceph-mon in a temporary folder, for tests that need the peer itself. */
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { known } from '../../src/base/assert.ts'
import { parseAddrvec, type EntityAddrvec } from '../../src/codec/type/entity-addr.ts'

export interface RealMon {
  readonly folder: string
  readonly conf: string
  readonly addrs: EntityAddrvec
  readonly keyring: Buffer
  readonly stop: () => void
}

const run = (command: string, args: readonly string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })

/** Whether the real programs are installed. */
export const haveCeph = (): boolean => {
  try {
    run('ceph-mon', ['--version'])
    return true
  } catch {
    return false
  }
}

/**
 * Starts a monitor `a` on two ports of 127.0.0.1, below the range that outgoing connections take. With `fellow`, the
 * v2 port of a second monitor of its monmap, it is not waited for: it has no quorum.
 */
export const startRealMon = (
  port: number,
  { settings = [], fellow }: { readonly settings?: readonly string[]; readonly fellow?: number } = {},
): RealMon => {
  const folder = mkdtempSync(join(tmpdir(), 'real-mon-'))
  const at = (name: string): string => join(folder, name)
  const addrs = `[v2:127.0.0.1:${port},v1:127.0.0.1:${port + 1}]`
  const fsid = randomUUID()
  writeFileSync(
    at('ceph.conf'),
    [
      '[global]',
      `fsid = ${fsid}`,
      `mon host = ${addrs}`,
      `keyring = ${at('keyring')}`,
      `run dir = ${folder}`,
      `admin socket = ${folder}/$name.asok`,
      `log file = ${folder}/$name.log`,
      `mon data = ${folder}/mon.$id`,
      `pid file = ${folder}/$name.pid`,
      'auth allow insecure global id reclaim = false',
      'setuser match path =',
      ...settings,
      '',
    ].join('\n'),
  )
  run('ceph-authtool', ['-C', at('keyring'), '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *'])
  run('ceph-authtool', [at('keyring'), '--gen-key', '-n', 'client.admin', '--cap', 'mon', 'allow *'])
  const second = fellow === undefined ? [] : ['--addv', 'b', `[v2:127.0.0.1:${fellow}]`]
  run('monmaptool', ['--create', '--fsid', fsid, '--addv', 'a', addrs, ...second, at('monmap')])
  const mon = ['-c', at('ceph.conf'), '-i', 'a']
  run('ceph-mon', [...mon, '--mkfs', '--monmap', at('monmap'), '--keyring', at('keyring')])
  run('ceph-mon', mon)
  // Returns once there is a quorum that serves clients.
  if (fellow === undefined) run('ceph', ['-c', at('ceph.conf'), '--connect-timeout', '30', 'mon', 'stat'])
  return {
    folder,
    conf: at('ceph.conf'),
    addrs: known(parseAddrvec(addrs), 'addresses'),
    keyring: readFileSync(at('keyring')),
    stop: () => {
      process.kill(Number(readFileSync(at('mon.a.pid'), 'utf8')), 'SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
