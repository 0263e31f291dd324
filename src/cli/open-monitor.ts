/**
 * From options to everything that a monitor needs to start: its store read, its monmap, its addresses and its keyring
 * found.
 *
 * Source: ceph src/ceph_mon.cc main, src/mon/Monitor.cc Monitor::preinit, check_features.
 */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NO_ENTRIES, type KeyMap } from '../auth/entity-auth.ts'
import { parseKeyring } from '../auth/keyring.ts'
import { decodeFrom } from '../codec/reader.ts'
import { decodeCompatSet, isReadableBy } from '../codec/type/compat-set.ts'
import { parseAddr, type EntityAddrvec } from '../codec/type/entity-addr.ts'
import { utimeOfMs } from '../codec/type/utime.ts'
import type { ConfFile } from '../config/conf-file.ts'
import type { Options } from '../config/options.ts'
import { SUPPORTED_COMPAT } from '../map/mon-compat.ts'
import type { MonMap } from '../map/mon-map/mon-map.ts'
import { loadMonmap } from '../monitor/start.ts'
import { now } from '../node/clock.ts'
import { hostMetadata } from '../node/metadata.ts'
import type { MonitorSetup } from '../node/setup.ts'
import { describeStoreError, type Kv, type StoreError } from '../store/kv.ts'
import { openRocksKv } from '../store/rocks-kv.ts'
import { StoreView } from '../store/view.ts'
import { problem, type StartProblem } from './check-folder.ts'
import { buildMonMap, monAddrs, ownAddrs } from './initial-monmap.ts'
import { isKeyringRequired, keyringPath, STORE, STORE_MAGIC, UNFINISHED_STORE } from './mkfs.ts'
import { systemError } from '../node/system-error.ts'

/** An open store and what it holds. */
export interface OpenStore {
  readonly kv: Kv
  readonly store: StoreView
}

/** Opens the store of the data folder and makes sure that it is a monitor's, and not a newer one's. */
export const openStore = (options: Options): TE.TaskEither<StartProblem, OpenStore> => {
  const folder = options.string('mon_data')
  return pipe(
    openRocksKv(join(folder, STORE), { create: false }),
    TE.bindTo('kv'),
    TE.bind('entries', ({ kv }) => kv.readAll),
    TE.mapLeft((error) =>
      problem(
        `error opening mon data directory at '${folder}': ${describeStoreError(error)}${remedy(error, folder)}`,
      ),
    ),
    TE.flatMap(({ kv, entries }) => {
      const store = StoreView.of(entries)
      const wrong = checkStore(store)
      if (wrong === undefined) return TE.right({ kv, store })
      return pipe(
        kv.close,
        TE.match(
          () => wrong,
          () => wrong,
        ),
        TE.fromTask,
        TE.flatMap(TE.left),
      )
    }),
  )
}

const remedy = ({ _tag }: StoreError, folder: string): string => {
  if (_tag !== 'StoreMissing') return ''
  return existsSync(join(folder, UNFINISHED_STORE))
    ? "; its 'mkfs' did not come to its end: run it again"
    : ": have you run 'mkfs'?"
}

const checkStore = (store: StoreView): StartProblem | undefined => {
  const magic = store.get('monitor', 'magic')?.toString() ?? ''
  if (magic === '')
    return problem(
      "unable to read magic from mon data; its 'mkfs' did not come to its end: empty the folder and run it again",
    )
  if (magic !== STORE_MAGIC)
    return problem(`mon fs magic '${magic.trimEnd()}' != current '${STORE_MAGIC.trimEnd()}'`)
  const features = store.get('monitor', 'feature_set')
  const written = features === undefined ? undefined : decodeFrom(decodeCompatSet, features)
  if (written === undefined || E.isLeft(written) || isReadableBy(written.right, SUPPORTED_COMPAT))
    return undefined
  return problem(
    'error checking features: the store was written by a newer release: (1) Operation not permitted',
  )
}

/** All that the runtime wants but the log. */
export const setupOf = (
  { kv, store }: OpenStore,
  options: Options,
  conf: ConfFile,
): TE.TaskEither<StartProblem, Omit<MonitorSetup, 'logger'>> =>
  pipe(
    TE.Do,
    TE.bind('monmap', () => TE.fromEither(E.mapLeft(problem)(loadMonmap(store)))),
    TE.tap(({ monmap }) => TE.fromEither(checkFsid(store, monmap))),
    TE.tap(({ monmap }) => TE.fromEither(checkMembership(monmap, store, options))),
    TE.bind('addrs', ({ monmap }) => addrsOf(monmap, options, conf)),
    TE.bind('keyring', () => TE.fromEither(ownKeyring(options))),
    TE.map(({ monmap, addrs, keyring }) => {
      const bind = parseAddr(options.string('public_bind_addr'), 'any')
      return {
        options,
        kv,
        store,
        monmap,
        addrs,
        bindAddrs: bind === undefined ? addrs : monAddrs(bind),
        keyring,
        metadata: hostMetadata(addrs),
      }
    }),
  )

/** A monitor that was taken out of the cluster stays out, unless it is told otherwise. */
const checkMembership = (
  monmap: MonMap,
  store: StoreView,
  options: Options,
): E.Either<StartProblem, undefined> => {
  const wasMember = store.u64('monitor', 'joined') !== 0n
  return !wasMember || monmap.mons.has(options.identity.id) || options.bool('mon_force_quorum_join')
    ? E.right(undefined)
    : E.left(
        problem(
          'not in monmap and have been in a quorum before; must have been removed\n' +
            'start it with --mon-force-quorum-join if it shall join again\nfailed to initialize',
        ),
      )
}

// A monmap of another cluster may have been put into the folder. Source: ceph src/mon/Monitor.cc Monitor::check_fsid.
const checkFsid = (store: StoreView, { fsid }: MonMap): E.Either<StartProblem, void> => {
  const [written] = store.get('monitor', 'cluster_uuid')?.toString().split('\n') ?? []
  return written === undefined || written === fsid
    ? E.right(undefined)
    : E.left(problem(`error: cluster_uuid file exists with value ${written}, != our uuid ${fsid}`))
}

// Where the monmap says that this monitor is; one that is not in it yet goes by its options.
const addrsOf = (
  monmap: MonMap,
  options: Options,
  conf: ConfFile,
): TE.TaskEither<StartProblem, EntityAddrvec> => {
  const name = options.identity.id
  const listed = monmap.mons.get(name)?.publicAddrs ?? ownAddrs(options)
  if (listed.length > 0) return TE.right(listed)
  const nowhere = `no public_addr or public_network specified, and mon.${name} not present in monmap or ceph.conf`
  return pipe(
    buildMonMap(options, conf, utimeOfMs(now())),
    TE.map((map) => map.mons.get(name)?.publicAddrs),
    TE.flatMap((addrs) => (addrs === undefined ? TE.left(nowhere) : TE.right(addrs))),
    TE.mapLeft(problem),
  )
}

const ownKeyring = (options: Options): E.Either<StartProblem, KeyMap> => {
  if (!isKeyringRequired(options)) return E.right(NO_ENTRIES)
  const inFolder = join(options.string('mon_data'), 'keyring')
  const path = existsSync(inFolder) ? inFolder : keyringPath(options)
  if (path === undefined)
    return E.left(problem(`unable to load initial keyring ${options.string('keyring')}`))
  return pipe(
    systemError(() => readFileSync(path)),
    E.flatMap((bytes) => E.mapLeft(({ what }: { readonly what: string }) => what)(parseKeyring(bytes))),
    E.mapLeft((why) => problem(`unable to load initial keyring ${path}: ${why}`)),
  )
}
