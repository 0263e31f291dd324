/**
 * The store as the node uses it: read once as a whole when the monitor starts, written to ever after. Reads while
 * running go to the StoreView.
 */
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Transaction } from './transaction.ts'

export type StoreError =
  /** No store at the path, and none was to be created. */
  | { readonly _tag: 'StoreMissing'; readonly path: string }
  /** Another process has it open. */
  | { readonly _tag: 'StoreLocked'; readonly path: string; readonly cause: Error }
  | { readonly _tag: 'StoreFailed'; readonly path: string; readonly cause: Error }
  /** Used after close. */
  | { readonly _tag: 'StoreClosed'; readonly path: string }

export interface Kv {
  /** Every entry, as combined keys (see key.ts) in byte order; what StoreView.of takes. */
  readonly readAll: TE.TaskEither<StoreError, readonly (readonly [string, Buffer])[]>
  /**
   * Applies a transaction whole or not at all. Transactions take effect in the order in which their tasks are run,
   * and a later one is never there without the earlier. With `sync` the task ends only when this transaction, and
   * so every earlier one, is on disk; without, it may be lost with the machine but not with the process.
   */
  readonly commit: (
    transaction: Transaction,
    options: { readonly sync: boolean },
  ) => TE.TaskEither<StoreError, void>
  /** Rewrites everything, so that erased keys give back their room. */
  readonly compact: TE.TaskEither<StoreError, void>
  /** Ends what is queued, then releases the store. */
  readonly close: TE.TaskEither<StoreError, void>
}

/** One line for a log or for whoever started the daemon. */
export const describeStoreError = (error: StoreError): string => {
  switch (error._tag) {
    case 'StoreMissing':
      return `there is no store at '${error.path}'`
    case 'StoreLocked':
      return `the store at '${error.path}' is in use by another process`
    case 'StoreFailed':
      return `the store at '${error.path}' failed: ${error.cause.message}`
    case 'StoreClosed':
      return `the store at '${error.path}' is closed`
  }
}
