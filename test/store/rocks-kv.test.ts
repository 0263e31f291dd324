import * as E from 'fp-ts/lib/Either.js'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Kv } from '../../src/store/kv.ts'
import { openRocksKv } from '../../src/store/rocks-kv.ts'
import { put, transactionOf } from '../../src/store/transaction.ts'
import { bytes, kvContract, right } from './kv-contract.ts'

describe('rocks-kv', () => {
  const folders: string[] = []
  const folder = (): string => {
    const path = mkdtempSync(join(tmpdir(), 'rocks-kv-'))
    folders.push(path)
    return join(path, 'store.db')
  }
  const open = (path: string, create = true): Promise<Kv> => right(openRocksKv(path, { create }))

  after(() => {
    for (const path of folders) rmSync(path, { recursive: true })
  })

  kvContract(() => open(folder()))

  it('finds after closing and opening what was committed', async () => {
    const path = folder()
    const first = await open(path)
    await right(first.commit(transactionOf([put('p', 'k', bytes('1'))]), { sync: false }))
    await right(first.close)
    const second = await open(path, false)
    assert.deepEqual(await right(second.readAll), [['p\0k', bytes('1')]])
    await right(second.close)
  })

  it('writes commits that are queued when it closes', async () => {
    const path = folder()
    const first = await open(path)
    const commits = Array.from({ length: 50 }, (_, i) =>
      right(first.commit(transactionOf([put('p', String(i), bytes('x'))]), { sync: false })),
    )
    await right(first.close)
    await Promise.all(commits)
    const second = await open(path, false)
    assert.equal((await right(second.readAll)).length, 50)
    await right(second.close)
  })

  it('says that there is no store, and creates none', async () => {
    const path = folder()
    const result = await openRocksKv(path, { create: false })()
    assert.ok(E.isLeft(result) && result.left._tag === 'StoreMissing')
  })

  it('says that another process has the store', async () => {
    const path = folder()
    const first = await open(path)
    const result = await openRocksKv(path, { create: false })()
    assert.ok(E.isLeft(result) && result.left._tag === 'StoreLocked', JSON.stringify(result))
    await right(first.close)
  })

  it('does not take a lock that cannot be made for one that is held', async () => {
    const path = folder()
    await right((await open(path)).close)
    rmSync(join(path, 'LOCK'))
    mkdirSync(join(path, 'LOCK'))
    const result = await openRocksKv(path, { create: false })()
    assert.ok(E.isLeft(result) && result.left._tag === 'StoreFailed', JSON.stringify(result))
  })

  it('writes what ceph-kvstore-tool reads', async function () {
    if (spawnSync('ceph-kvstore-tool', ['--help']).error !== undefined) this.skip()
    const path = folder()
    const kv = await open(path)
    await right(
      kv.commit(transactionOf([put('paxos', '1', bytes('value')), put('mkfs', 'x', bytes(''))]), {
        sync: true,
      }),
    )
    await right(kv.close)
    const tool = spawnSync('ceph-kvstore-tool', ['rocksdb', path, 'list'])
    assert.equal(tool.stdout.toString(), 'mkfs\tx\npaxos\t1\n')
  })
})
