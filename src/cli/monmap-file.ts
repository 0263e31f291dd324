/**
 * The monmap of a stopped monitor as a file: taken out, or replaced, when addresses have changed and no quorum can
 * say so. Source: ceph src/ceph_mon.cc main, obtain_monmap.
 */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { readFileSync, writeFileSync } from 'node:fs'
import { describeDecodeError } from '../codec/error.ts'
import { decodeFrom } from '../codec/reader.ts'
import { encoded } from '../codec/writer.ts'
import { decodeMonMap, monMapBytes } from '../map/mon-map/mon-map.ts'
import { loadMonmap } from '../monitor/start.ts'
import { describeStoreError } from '../store/kv.ts'
import { put, putU64, transactionOf, type Transaction } from '../store/transaction.ts'
import type { StoreView } from '../store/view.ts'
import type { OpenStore } from './open-monitor.ts'
import { systemError } from '../node/system-error.ts'

/** Writes the monmap that the monitor would start with to `path`. Errors: a sentence. */
export const extractMonMap = (store: StoreView, path: string): E.Either<string, void> =>
  pipe(
    loadMonmap(store),
    E.mapLeft((why) => `unable to obtain a monmap: ${why}`),
    E.flatMap((map) =>
      E.mapLeft((why: string) => `error writing monmap to ${path}: ${why}`)(
        systemError(() => {
          writeFileSync(path, monMapBytes(map), { mode: 0o644 })
        }),
      ),
    ),
  )

/** Makes the monmap in `path` the newest of the store, with the epoch that follows. Errors: a sentence. */
export const injectMonMap = ({ kv, store }: OpenStore, path: string): TE.TaskEither<string, void> =>
  pipe(
    systemError(() => readFileSync(path)),
    E.mapLeft((why) => `unable to read monmap from ${path}: can't open ${path}: ${why}`),
    E.flatMap((bytes) => injection(store, bytes)),
    TE.fromEither,
    TE.flatMap((transaction) => TE.mapLeft(describeStoreError)(kv.commit(transaction, { sync: true }))),
  )

const injection = (store: StoreView, bytes: Buffer): E.Either<string, Transaction> =>
  E.bimap(describeDecodeError, (map: ReturnType<typeof decodeMonMap>) => {
    const epoch = store.u64('monmap', 'last_committed') + 1n
    const value = monMapBytes({ ...map, epoch: Number(epoch) })
    const latest = encoded((w) => {
      w.u64(epoch)
      w.blob(value)
    })
    return transactionOf([
      put('monmap', epoch.toString(), value),
      put('monmap', 'latest', latest),
      putU64('monmap', 'last_committed', epoch),
    ])
  })(decodeFrom(decodeMonMap, bytes))
