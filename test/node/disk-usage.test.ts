import assert from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measureDisk } from '../../src/node/disk-usage.ts'

describe('measureDisk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'disk-usage-'))
  after(() => {
    rmSync(folder, { recursive: true })
  })

  it('sums the files of the store and looks at the file system', async () => {
    mkdirSync(join(folder, 'store.db'))
    for (const [name, bytes] of [
      ['1.sst', 100],
      ['2.log', 23],
    ] as const)
      writeFileSync(join(folder, 'store.db', name), Buffer.alloc(bytes))
    const usage = await measureDisk(folder)()
    assert.ok(E.isRight(usage))
    const { storeBytes, availableBytes, totalBytes } = usage.right
    assert.equal(storeBytes, 123)
    assert.ok(availableBytes > 0 && availableBytes <= totalBytes)
  })

  it('says why a folder cannot be looked at', async () => {
    const usage = await measureDisk(join(folder, 'nowhere'))()
    assert.ok(E.isLeft(usage) && /ENOENT/.test(usage.left))
  })
})
