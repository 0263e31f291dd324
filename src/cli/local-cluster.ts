/**
 * A cluster of monitors on this machine, as files in one folder: what `monclave run` makes the first time and finds
 * again every time after.
 *
 *   ceph.conf   for monitors and clients        mon.a, mon.b, …   the data folders
 *   keyring     `mon.` and `client.admin`       mon.a.log, …      their logs
 *   monmap      who there is                    ceph-mon.a.asok   their admin sockets, while they run
 */
import * as E from 'fp-ts/lib/Either.js'
import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateKey } from '../auth/crypto-key.ts'
import { capsMapOf, keyMapOf } from '../auth/entity-auth.ts'
import { printKeyring } from '../auth/keyring.ts'
import { known } from '../base/assert.ts'
import { describeDecodeError } from '../codec/error.ts'
import { decodeFrom } from '../codec/reader.ts'
import { entityAddr, portOf } from '../codec/type/entity-addr.ts'
import { parseEntityName } from '../codec/type/entity-name.ts'
import { utimeOfMs } from '../codec/type/utime.ts'
import { initialMonMap, monInfo } from '../map/mon-map/edit.ts'
import { decodeMonMap, monMapBytes } from '../map/mon-map/mon-map.ts'
import { now } from '../node/clock.ts'
import { systemError } from '../node/system-error.ts'

export interface LocalMonitor {
  readonly name: string
  readonly port: number
  /** Its data folder. */
  readonly folder: string
  readonly adminSocket: string
  readonly log: string
}

export interface LocalCluster {
  /** Absolute. */
  readonly folder: string
  readonly conf: string
  readonly keyring: string
  readonly monmap: string
  readonly fsid: string
  readonly monitors: readonly LocalMonitor[]
}

export const MONITORS_MAX = 9
/** Ports from here on are given to outgoing connections, and may be taken at any moment. */
export const PORT_END = 32_768

const HOST = '127.0.0.1'
const SECRET_MODE = 0o600
const ENTROPY_BYTES = 32
// sockaddr_un has room for 108 bytes, the last of which is 0.
const SOCKET_PATH_BYTES_MAX = 107

/** The cluster in `folder`; undefined when there is none yet. Errors: a sentence. */
export const findCluster = (folder: string): E.Either<string, LocalCluster | undefined> => {
  const path = join(folder, 'monmap')
  if (!existsSync(path)) return E.right(undefined)
  const bytes = systemError(() => readFileSync(path))
  if (E.isLeft(bytes)) return E.left(`${path}: ${bytes.left}`)
  return E.bimap(
    (error: Parameters<typeof describeDecodeError>[0]) => `${path}: ${describeDecodeError(error)}`,
    (map: ReturnType<typeof decodeMonMap>) => {
      const monitors = map.ranks.map((name) => {
        const [addr] = map.mons.get(name)?.publicAddrs ?? []
        return monitorIn(folder, name, portOf(known(addr, `an address of mon.${name}`)))
      })
      return clusterIn(folder, map.fsid, monitors)
    },
  )(decodeFrom(decodeMonMap, bytes.right))
}

const clusterIn = (folder: string, fsid: string, monitors: readonly LocalMonitor[]): LocalCluster => ({
  folder,
  conf: join(folder, 'ceph.conf'),
  keyring: join(folder, 'keyring'),
  monmap: join(folder, 'monmap'),
  fsid,
  monitors,
})

const monitorIn = (folder: string, name: string, port: number): LocalMonitor => ({
  name,
  port,
  folder: join(folder, `mon.${name}`),
  adminSocket: join(folder, `ceph-mon.${name}.asok`),
  log: join(folder, `mon.${name}.log`),
})

/** Makes the files of a new cluster of `count` monitors on the ports from `port` on. Errors: a sentence. */
export const createCluster = (
  folder: string,
  count: number,
  port: number,
): E.Either<string, LocalCluster> => {
  const names = Array.from({ length: count }, (_, i) => String.fromCharCode('a'.charCodeAt(0) + i))
  const monitors = names.map((name, i) => monitorIn(folder, name, port + i))
  const tooLong = monitors.find(({ adminSocket }) => Buffer.byteLength(adminSocket) > SOCKET_PATH_BYTES_MAX)
  if (tooLong !== undefined)
    return E.left(`${tooLong.adminSocket} is longer than a socket's name may be; choose a shorter folder`)
  const cluster = clusterIn(folder, randomUUID(), monitors)
  return E.bimap(
    (why: string) => `the cluster's files cannot be written to ${folder}: ${why}`,
    () => cluster,
  )(systemError(() => writeCluster(cluster)))
}

const writeCluster = (cluster: LocalCluster): void => {
  const time = utimeOfMs(now())
  const infos = cluster.monitors.map(({ name, port }) => monInfo(name, [entityAddr('msgr2', HOST, port)]))
  mkdirSync(cluster.folder, { recursive: true })
  writeFileSync(cluster.conf, confOf(cluster))
  writeFileSync(cluster.keyring, newKeyring(), { mode: SECRET_MODE })
  // Last: a folder with a monmap is a cluster.
  writeFileSync(cluster.monmap, monMapBytes(initialMonMap(cluster.fsid, infos, time)))
}

const confOf = ({ folder, fsid, monitors }: LocalCluster): string => `[global]
fsid = ${fsid}
mon host = ${monitors.map(({ port }) => `[v2:${HOST}:${port}]`).join(' ')}
keyring = ${folder}/keyring
auth allow insecure global id reclaim = false
run dir = ${folder}
admin socket = ${folder}/$cluster-$name.asok
log file = ${folder}/$name.log
mon cluster log file = ${folder}/$cluster.log
mon data = ${folder}/mon.$id
mgr data = ${folder}/mgr.$id
osd data = ${folder}/osd.$id
mds data = ${folder}/mds.$id
pid file = ${folder}/$name.pid
`

const newKeyring = (): string => {
  const entropy = randomBytes(ENTROPY_BYTES)
  const time = utimeOfMs(now())
  const entry = (text: string, caps: Readonly<Record<string, string>>): Parameters<typeof keyMapOf>[0] => [
    {
      name: known(parseEntityName(text), `the name ${text}`),
      auth: { key: generateKey(entropy, text, time), caps: capsMapOf(caps) },
    },
  ]
  const all = 'allow *'
  return printKeyring(
    keyMapOf([
      ...entry('mon.', { mon: all }),
      ...entry('client.admin', { mds: all, mgr: all, mon: all, osd: all }),
    ]),
  )
}
