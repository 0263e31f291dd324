/**
 * Making a monitor's data folder: `ceph-mon --mkfs`.
 *
 *   store.db     monitor/magic, monitor/feature_set, monitor/cluster_uuid, mkfs/monmap, mkfs/keyring, mkfs/osdmap
 *   keyring      the key that monitors share (`mon.`); all other keys go into the store and from there to the cluster
 *   kv_backend   "rocksdb"
 *
 * The store is made under another name and gets its own as the last thing of all: a folder with a store.db is whole.
 * What an --mkfs leaves that was cut off before, the next one makes again.
 *
 * Differs: the original says of any folder with something in it that a monitor may exist, and ends with 0; its own
 * half-made folders among them, which its monitor then cannot read.
 *
 * Source: ceph src/ceph_mon.cc main, src/mon/Monitor.cc Monitor::mkfs, extract_save_mon_key, src/mon/MonitorDBStore.h.
 */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { isUsableKey, parseCryptoKey } from '../auth/crypto-key.ts'
import { capsMapOf, keyMapOf, type KeyMap } from '../auth/entity-auth.ts'
import { parseKeyring, printKeyring } from '../auth/keyring.ts'
import { describeDecodeError } from '../codec/error.ts'
import { decodeFrom } from '../codec/reader.ts'
import { encodeCompatSet } from '../codec/type/compat-set.ts'
import { ENTITY_TYPE, entityNameKey } from '../codec/type/entity-name.ts'
import { utimeOfMs } from '../codec/type/utime.ts'
import { UUID_ZERO } from '../codec/type/uuid.ts'
import { encoded } from '../codec/writer.ts'
import type { ConfFile } from '../config/conf-file.ts'
import type { Options } from '../config/options.ts'
import { INITIAL_COMPAT } from '../map/mon-compat.ts'
import { decodeMonMap, monMapBytes, type MonMap } from '../map/mon-map/mon-map.ts'
import { decodeOsdMap } from '../map/osd-map/codec.ts'
import { now } from '../node/clock.ts'
import { describeStoreError } from '../store/kv.ts'
import { ERRNO, printErrno } from '../service/errno.ts'
import { openRocksKv } from '../store/rocks-kv.ts'
import { erase, put, transactionOf, type Op } from '../store/transaction.ts'
import { buildMonMap, monMapOf, withOwnName } from './initial-monmap.ts'
import { systemError } from '../node/system-error.ts'

export const STORE_MAGIC = 'ceph mon volume v012\n'

export const STORE = 'store.db'
/** The store until it is whole. */
export const UNFINISHED_STORE = 'store.db.mkfs'
/** The file without which there is no RocksDB in a folder. */
const CURRENT = 'CURRENT'
const KEYRING = 'keyring'
const KV_BACKEND = 'kv_backend'

/** Why there is no data folder now, or none was made: exit code and what to say. */
export interface MkfsEnd {
  readonly code: number
  readonly text: string
}

const end = (text: string, code = 1): E.Either<MkfsEnd, never> => E.left({ code, text })

const EXIT_NO_FSID = 10
const FOLDER_MODE = 0o755
const FILE_MODE = 0o600
const MON_NAME = { type: ENTITY_TYPE.mon, id: '' }

/**
 * Makes the data folder that `options` name; `warn` hears what does not keep it from being made.
 *
 * Errors: exit code 0 when there is one already, else what is wrong.
 */
export const mkfs = (
  options: Options,
  conf: ConfFile,
  osdmapPath: string | undefined,
  warn: (text: string) => void,
): TE.TaskEither<MkfsEnd, void> => {
  const folder = options.string('mon_data')
  return pipe(
    TE.fromEither(usableFolder(folder, warn)),
    TE.bind('monmap', () => seedMonMap(options, conf, warn)),
    TE.bind('osdmap', () => TE.fromEither(seedOsdMap(osdmapPath))),
    TE.bind('keyring', () => TE.fromEither(seedKeyring(options))),
    TE.tap(({ monmap, osdmap, keyring }) =>
      writeStore(join(folder, UNFINISHED_STORE), [
        put('monitor', 'magic', Buffer.from(STORE_MAGIC)),
        put(
          'monitor',
          'feature_set',
          encoded((w) => encodeCompatSet(w, INITIAL_COMPAT)),
        ),
        put('monitor', 'cluster_uuid', Buffer.from(`${monmap.fsid}\n`)),
        put('mkfs', 'monmap', monMapBytes(monmap)),
        seed('osdmap', osdmap),
        seed('keyring', keyring === undefined ? undefined : Buffer.from(clusterKeys(keyring))),
      ]),
    ),
    TE.flatMapEither(({ keyring }) => finishFolder(folder, keyring)),
  )
}

// An earlier attempt may have left one.
const seed = (key: string, value: Buffer | undefined): Op =>
  value === undefined ? erase('mkfs', key) : put('mkfs', key, value)

const usableFolder = (folder: string, warn: (text: string) => void): E.Either<MkfsEnd, object> => {
  if (!existsSync(folder)) {
    const made = systemError(() => mkdirSync(folder, { mode: FOLDER_MODE }))
    return E.isLeft(made) ? end(`mkdir(${folder}) : ${made.left}`) : E.right({})
  }
  const names = systemError(() => readdirSync(folder))
  if (E.isLeft(names)) return end(`error opening '${folder}': ${names.left}`)
  if (names.right.every((name) => name === KV_BACKEND)) return E.right({})
  if (existsSync(join(folder, STORE, CURRENT)))
    return end(`'${folder}' already exists and is not empty: monitor may already exist`, 0)
  if (!isUnfinished(names.right))
    return end(`'${folder}' is not empty and holds no monitor: empty it and run 'mkfs' again`)
  warn(`an earlier 'mkfs' of '${folder}' did not come to its end: making it again`)
  return E.right({})
}

const MADE: readonly string[] = [UNFINISHED_STORE, KEYRING, KV_BACKEND]

const isUnfinished = (names: readonly string[]): boolean =>
  names.includes(UNFINISHED_STORE) && names.every((name) => MADE.includes(name))

const readInput = (path: string): E.Either<string, Buffer> =>
  E.mapLeft((why: string) => `can't open ${path}: ${why}`)(systemError(() => readFileSync(path)))

const seedMonMap = (
  options: Options,
  conf: ConfFile,
  warn: (text: string) => void,
): TE.TaskEither<MkfsEnd, MonMap> => {
  const path = options.string('monmap')
  const map =
    path === ''
      ? TE.fromTask<MonMap, MkfsEnd>(generatedMonMap(options, conf, warn))
      : TE.fromEither(importedMonMap(path))
  return TE.flatMapEither((seed: MonMap): E.Either<MkfsEnd, MonMap> => {
    const fsid = options.string('fsid')
    const named = fsid === UUID_ZERO ? seed : { ...seed, fsid }
    return named.fsid === UUID_ZERO
      ? end("ceph-mon: generated monmap has no fsid; use '--fsid <uuid>'", EXIT_NO_FSID)
      : E.right(named)
  })(map)
}

const importedMonMap = (path: string): E.Either<MkfsEnd, MonMap> => {
  const bytes = readInput(path)
  if (E.isLeft(bytes)) return end(`ceph-mon: error reading ${path}: ${bytes.left}`)
  const map = decodeFrom(decodeMonMap, bytes.right)
  return E.isLeft(map)
    ? end(`ceph-mon: error decoding monmap ${path}: ${describeDecodeError(map.left)}`)
    : // Nothing is committed yet, whatever the map was made from.
      E.right({ ...map.right, epoch: 0 })
}

// Without any monitor to know of, this one waits to be told.
const generatedMonMap =
  (options: Options, conf: ConfFile, warn: (text: string) => void): T.Task<MonMap> =>
  async () => {
    const time = utimeOfMs(now())
    const built = await buildMonMap(options, conf, time)()
    if (E.isLeft(built)) warn(built.left)
    const map = E.isLeft(built) ? monMapOf(options, [], time) : withOwnName(built.right, options)
    if (map.mons.size === 0)
      warn('ceph-mon: warning: no initial monitors; must use admin socket to feed hints')
    return map
  }

const seedOsdMap = (path: string | undefined): E.Either<MkfsEnd, Buffer | undefined> => {
  if (path === undefined) return E.right(undefined)
  const bytes = readInput(path)
  if (E.isLeft(bytes)) return end(`ceph-mon: error reading ${path}: ${bytes.left}`)
  const map = decodeFrom(decodeOsdMap, bytes.right)
  return E.isLeft(map)
    ? end(`error decoding provided osdmap: ${describeDecodeError(map.left)}`)
    : E.right(bytes.right)
}

/** Whether monitors prove to each other who they are. Source: ceph src/mon/Monitor.cc is_keyring_required. */
export const isKeyringRequired = (options: Options): boolean =>
  ['auth_cluster_required', 'auth_service_required'].some((name) => options.string(name).includes('cephx'))

/** The first of the files in option `keyring` that exists. */
export const keyringPath = (options: Options): string | undefined =>
  options
    .string('keyring')
    .split(/[,;]/)
    .map((path) => path.trim())
    .find((path) => path !== '' && existsSync(path))

const seedKeyring = (options: Options): E.Either<MkfsEnd, KeyMap | undefined> => {
  if (!isKeyringRequired(options)) return E.right(undefined)
  const path = keyringPath(options)
  if (path === undefined) return keyringOfKey(options)
  const bytes = readInput(path)
  if (E.isLeft(bytes)) return endUnmade(`unable to load initial keyring ${path}: ${bytes.left}`, ERRNO.EIO)
  const keyring = parseKeyring(bytes.right)
  return E.isLeft(keyring)
    ? endUnmade(`unable to load initial keyring ${path}: ${keyring.left.what}`, ERRNO.EIO)
    : E.right(keyring.right)
}

const keyringOfKey = (options: Options): E.Either<MkfsEnd, KeyMap> => {
  const key = parseCryptoKey(options.string('key'))
  return key !== undefined && isUsableKey(key)
    ? E.right(keyMapOf([{ name: MON_NAME, auth: { key, caps: capsMapOf({ mon: 'allow *' }) } }]))
    : endUnmade(
        `unable to find a keyring on ${options.string('keyring')}: ${printErrno(ERRNO.ENOENT)}`,
        ERRNO.ENOENT,
      )
}

const endUnmade = (text: string, errno: number): E.Either<MkfsEnd, never> =>
  end(`${text}\nceph-mon: error creating monfs: ${printErrno(errno)}`)

const OWN_KEY = entityNameKey(MON_NAME)

// The monitors' own key stays in a file of the folder; what is left is for the cluster.
const clusterKeys = (keyring: KeyMap): string =>
  printKeyring(new Map([...keyring].filter(([name]) => name !== OWN_KEY)))

const writeStore = (path: string, ops: readonly Op[]): TE.TaskEither<MkfsEnd, void> =>
  pipe(
    openRocksKv(path, { create: true }),
    TE.flatMap((kv) =>
      pipe(
        kv.commit(transactionOf(ops), { sync: true }),
        TE.flatMap(() => kv.close),
      ),
    ),
    TE.mapLeft((error) => ({
      code: 1,
      text: `ceph-mon: error opening mon data directory at '${dirname(path)}': ${describeStoreError(error)}`,
    })),
  )

/** The files beside the store, and then the store's name. */
const finishFolder = (folder: string, keyring: KeyMap | undefined): E.Either<MkfsEnd, void> => {
  const own = keyring?.get(OWN_KEY)
  const done = systemError(() => {
    if (own === undefined) rmSync(join(folder, KEYRING), { force: true })
    else writeDurably(join(folder, KEYRING), printKeyring(new Map([[OWN_KEY, own]])))
    writeDurably(join(folder, KV_BACKEND), 'rocksdb\n')
    renameSync(join(folder, UNFINISHED_STORE), join(folder, STORE))
    syncFolder(folder)
  })
  return E.isLeft(done) ? end(`ceph-mon: error creating monfs: ${done.left}`) : E.right(undefined)
}

const writeDurably = (path: string, text: string): void => {
  writeFileSync(path, text, { mode: FILE_MODE, flush: true })
}

const syncFolder = (folder: string): void => {
  const descriptor = openSync(folder, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
}
