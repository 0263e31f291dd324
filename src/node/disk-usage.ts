/** How full the disk of the data folder is. Source: ceph src/kv/RocksDBStore.cc RocksDBStore::get_estimated_size. */
import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { DiskUsage } from '../service/health/disk.ts'

/** Errors: why the folder cannot be looked at. */
export const measureDisk = (monData: string): TE.TaskEither<string, DiskUsage> =>
  TE.tryCatch(
    async () => {
      const [{ blocks, bavail, bsize }, storeBytes] = await Promise.all([
        statfs(monData),
        folderBytes(join(monData, 'store.db')),
      ])
      return { totalBytes: blocks * bsize, availableBytes: bavail * bsize, storeBytes }
    },
    (error) => (error instanceof Error ? error.message : String(error)),
  )

const folderBytes = async (folder: string): Promise<number> => {
  const names = await readdir(folder)
  const sizes = await Promise.all(names.map((name) => fileBytes(join(folder, name))))
  return sizes.reduce((sum, bytes) => sum + bytes, 0)
}

// The store may have removed the file meanwhile.
const fileBytes = async (path: string): Promise<number> => {
  try {
    return (await stat(path)).size
  } catch {
    return 0
  }
}
