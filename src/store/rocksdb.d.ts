/** The part of npm's `rocksdb` that the store uses; the package has no types of its own. */
declare module 'rocksdb' {
  type Callback<A extends readonly unknown[] = readonly []> = (
    error: Error | null | undefined,
    ...values: A
  ) => void

  export type BatchOp =
    | { readonly type: 'put'; readonly key: Buffer; readonly value: Buffer }
    | { readonly type: 'del'; readonly key: Buffer }

  export interface RocksIterator {
    /** Both are undefined at the end. */
    next(callback: Callback<readonly [key: Buffer | undefined, value: Buffer | undefined]>): void
    end(callback: Callback): void
  }

  export interface RocksDb {
    open(options: Readonly<Record<string, unknown>>, callback: Callback): void
    batch(ops: readonly BatchOp[], options: { readonly sync: boolean }, callback: Callback): void
    iterator(options: Readonly<Record<string, unknown>>): RocksIterator
    compactRange(from: Buffer, to: Buffer, callback: Callback): void
    close(callback: Callback): void
  }

  export default function rocksdb(path: string): RocksDb
}
