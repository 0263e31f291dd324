/** A store that lives as long as its process: for tests and simulations. */
import * as E from 'fp-ts/lib/Either.js'
import type { Kv, StoreError } from './kv.ts'
import { combinedKey } from './key.ts'
import { StoreView } from './view.ts'

/** An empty store, or one that holds what `view` shows. */
export const memoryKv = (view: StoreView = StoreView.empty): Kv => {
  let current = view
  let isOpen = true
  const whenOpen =
    <A>(run: () => A) =>
    (): Promise<E.Either<StoreError, A>> =>
      Promise.resolve(isOpen ? E.right(run()) : E.left({ _tag: 'StoreClosed', path: 'memory' }))
  return {
    readAll: whenOpen(() =>
      [...current.after(undefined)].map(([prefix, key, value]) => [combinedKey(prefix, key), value] as const),
    ),
    commit: (transaction) =>
      whenOpen(() => {
        current = current.apply(transaction)
      }),
    compact: whenOpen(() => undefined),
    close: whenOpen(() => {
      isOpen = false
    }),
  }
}
