/**
 * The store in RocksDB, in the layout of Ceph's tools: one column family, keys `prefix \0 key`.
 *
 * Commits queue up while one is being written; the next write takes all that have gathered, so that under load
 * one fsync serves many. A write is one RocksDB batch, and a transaction is never split.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { existsSync } from 'node:fs'
import rocksdb, { type BatchOp, type RocksDb } from 'rocksdb'
import { textOf, wireBytes } from '../base/text.ts'
import { combinedKey } from './key.ts'
import type { Kv, StoreError } from './kv.ts'
import type { Op, Transaction } from './transaction.ts'

/** Operations that one write may gather from several transactions. */
const GROUP_OPS_MAX = 4096
/** Transactions waiting for the disk; the monitor waits for its commits, so more is a mistake of ours. */
const QUEUE_MAX = 65_536

// As mon_rocksdb_options asks for; the rest of the original's tuning does not change the format.
const OPEN_OPTIONS = {
  compression: false,
  writeBufferSize: 32 << 20,
  infoLogLevel: 'warn',
} as const
const READ_AHEAD_BYTES = 1 << 20

interface Queued {
  readonly transaction: Transaction
  readonly sync: boolean
  readonly settle: (result: E.Either<StoreError, void>) => void
}

/**
 * Opens the store in folder `path`.
 *
 * Errors: StoreMissing when it is not there and `create` is false; StoreLocked when another process has it.
 */
export const openRocksKv = (
  path: string,
  { create }: { readonly create: boolean },
): TE.TaskEither<StoreError, Kv> =>
  TE.tryCatch(
    async () => {
      if (!create && !existsSync(path)) return Promise.reject(new MissingStore())
      const db = rocksdb(path)
      await done((callback) => {
        db.open({ ...OPEN_OPTIONS, createIfMissing: create }, callback)
      })
      return kvOf(db, path)
    },
    (cause) => storeError(path, cause),
  )

class MissingStore extends Error {}

const storeError = (path: string, cause: unknown): StoreError => {
  if (cause instanceof MissingStore) return { _tag: 'StoreMissing', path }
  const error = cause instanceof Error ? cause : new Error(String(cause))
  // Other failures name the file LOCK too: a folder that cannot be written is not in use.
  return /while lock file|lock hold/i.test(error.message)
    ? { _tag: 'StoreLocked', path, cause: error }
    : { _tag: 'StoreFailed', path, cause: error }
}

const done = (run: (callback: (error?: Error | null) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    run((error) => {
      if (error === null || error === undefined) resolve()
      else reject(error)
    })
  })

const kvOf = (db: RocksDb, path: string): Kv => {
  const queue: Queued[] = []
  let isOpen = true
  let writing: Promise<void> | undefined
  // After a failed write nothing more is written: a later transaction must not be there without the earlier.
  let broken: E.Either<StoreError, void> | undefined
  // Compactions that a transaction asked for; nobody waits for them but close.
  const compacting = new Set<Promise<void>>()

  const attempt = <A>(run: () => Promise<A>): TE.TaskEither<StoreError, A> => {
    const closed: E.Either<StoreError, A> = E.left({ _tag: 'StoreClosed', path })
    return () => (isOpen ? TE.tryCatch(run, (cause) => storeError(path, cause))() : Promise.resolve(closed))
  }

  const drain = async (): Promise<void> => {
    for (let group = takeGroup(queue); group.length > 0; group = takeGroup(queue)) {
      const result = broken ?? (await writeGroup(db, path, group))
      for (const one of group) one.settle(result)
      if (E.isRight(result)) compactAfter(group)
      else broken = result
    }
    writing = undefined
  }

  const compactAfter = (group: readonly Queued[]): void => {
    for (const op of group.flatMap((one) => one.transaction.ops)) {
      if (op.type !== 'compact') continue
      const [from, to] = compactRange(op)
      // A failure to compact costs room, not data, and the next write will meet what caused it.
      const task: Promise<void> = done((callback) => {
        db.compactRange(from, to, callback)
      })
        .catch(() => undefined)
        .finally(() => compacting.delete(task))
      compacting.add(task)
    }
  }

  const commit: Kv['commit'] =
    (transaction, { sync }) =>
    () =>
      new Promise((settle) => {
        if (!isOpen || queue.length >= QUEUE_MAX) {
          settle(
            E.left(
              isOpen ? storeError(path, new Error('commit queue is full')) : { _tag: 'StoreClosed', path },
            ),
          )
          return
        }
        queue.push({ transaction, sync, settle })
        writing ??= drain()
      })

  return {
    readAll: attempt(() => entriesOf(db)),
    commit,
    compact: attempt(async () => {
      await writing
      await done((callback) => {
        db.compactRange(Buffer.from([0]), Buffer.from([0xff]), callback)
      })
    }),
    close: attempt(async () => {
      isOpen = false
      await writing
      await Promise.all(compacting)
      await done((callback) => {
        db.close(callback)
      })
    }),
  }
}

const takeGroup = (queue: Queued[]): readonly Queued[] => {
  let ops = 0
  let count = 0
  for (const one of queue) {
    ops += one.transaction.ops.length
    if (count > 0 && ops > GROUP_OPS_MAX) break
    count += 1
  }
  return queue.splice(0, count)
}

const writeGroup = async (
  db: RocksDb,
  path: string,
  group: readonly Queued[],
): Promise<E.Either<StoreError, void>> =>
  TE.tryCatch(
    async () => {
      const batch = await batchOf(
        db,
        group.flatMap((one) => one.transaction.ops),
      )
      const sync = group.some((one) => one.sync)
      // Nothing to write, yet what went before must be on disk: erasing a key that nobody has makes RocksDB sync.
      const written = batch.length === 0 && sync ? [NOTHING_ERASED] : batch
      if (written.length > 0)
        await done((callback) => {
          db.batch(written, { sync }, callback)
        })
    },
    (cause) => storeError(path, cause),
  )()

const NOTHING_ERASED: BatchOp = { type: 'del', key: Buffer.from([0]) }

// RocksDB's own range deletion is not in the binding, so a range becomes its keys: those on disk, and those put by
// earlier operations of the same batch. Nobody else writes in between.
const batchOf = async (db: RocksDb, ops: readonly Op[]): Promise<readonly BatchOp[]> => {
  const batch: BatchOp[] = []
  const puts = new Map<string, Buffer>()
  for (const op of ops) {
    if (op.type === 'put') {
      const key = combinedBytes(op.prefix, op.key)
      puts.set(key.toString('latin1'), key)
      batch.push({ type: 'put', key, value: op.value })
    } else if (op.type === 'erase') {
      batch.push({ type: 'del', key: combinedBytes(op.prefix, op.key) })
    } else if (op.type === 'eraseRange') {
      const from = combinedBytes(op.prefix, op.key)
      const until = combinedBytes(op.prefix, op.endKey)
      const stored = await keysIn(db, from, until)
      const fresh = [...puts.values()].filter((key) => key.compare(from) >= 0 && key.compare(until) < 0)
      for (const key of [...stored, ...fresh]) batch.push({ type: 'del', key })
    }
  }
  return batch
}

const combinedBytes = (prefix: string, key: string): Buffer => wireBytes(combinedKey(prefix, key))

// A compaction of a prefix ends before byte 1, which follows every key of the prefix.
const compactRange = (op: Op & { readonly type: 'compact' }): readonly [Buffer, Buffer] =>
  op.key === '' && op.endKey === ''
    ? [combinedBytes(op.prefix, ''), wireBytes(`${op.prefix}\x01`)]
    : [combinedBytes(op.prefix, op.key), combinedBytes(op.prefix, op.endKey)]

const keysIn = async (db: RocksDb, from: Buffer, until: Buffer): Promise<readonly Buffer[]> =>
  (await scan(db, { gte: from, lt: until, values: false })).map(([key]) => key)

const entriesOf = async (db: RocksDb): Promise<readonly (readonly [string, Buffer])[]> =>
  (await scan(db, {})).map(([key, value]) => [textOf(key), value] as const)

const scan = async (
  db: RocksDb,
  range: Readonly<Record<string, unknown>>,
): Promise<readonly (readonly [Buffer, Buffer])[]> => {
  const iterator = db.iterator({ ...range, highWaterMark: READ_AHEAD_BYTES })
  try {
    return await new Promise((resolve, reject) => {
      const found: (readonly [Buffer, Buffer])[] = []
      const step = (): void => {
        iterator.next((error, key, value) => {
          if (error !== null && error !== undefined) reject(error)
          else if (key === undefined) resolve(found)
          else {
            found.push([key, value ?? Buffer.alloc(0)])
            step()
          }
        })
      }
      step()
    })
  } finally {
    await done((callback) => {
      iterator.end(callback)
    })
  }
}
