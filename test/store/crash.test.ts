import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRocksKv } from '../../src/store/rocks-kv.ts'
import { KEYS_PER_TRANSACTION, paddedKey } from './crash-key.ts'
import { right } from './kv-contract.ts'

const ROUNDS = 6
const ALIVE_MS_MAX = 120

describe('rocks-kv under SIGKILL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rocks-crash-'))
  const path = join(folder, 'store.db')

  after(() => {
    rmSync(folder, { recursive: true })
  })

  // Kills the writer some time after its first acknowledgement; gives the last number it acknowledged.
  const killedWriter = (first: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const child = spawn(
        process.execPath,
        ['--import=tsx', 'test/store/crash-writer.ts', path, String(first)],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      )
      let output = ''
      child.stdout.on('data', (chunk: Buffer) => {
        if (output === '') setTimeout(() => child.kill('SIGKILL'), Math.random() * ALIVE_MS_MAX)
        output += chunk.toString()
      })
      child.once('error', reject)
      child.once('close', (_code, signal) => {
        if (signal !== 'SIGKILL') reject(new Error('the writer ended by itself'))
        // A line cut in the middle was not an acknowledgement.
        const lines = output.slice(0, output.lastIndexOf('\n')).split('\n')
        resolve(Math.max(...lines.map(Number)))
      })
    })

  it('loses nothing that was acknowledged, and tears nothing', async () => {
    let last = 0
    for (let round = 0; round < ROUNDS; round++) {
      const acknowledged = await killedWriter(last + 1)
      const kv = await right(openRocksKv(path, { create: false }))
      const entries = new Map(await right(kv.readAll))
      await right(kv.close)
      last = Number(entries.get('p\0last')?.toString())
      assert.ok(last >= acknowledged, `acknowledged ${acknowledged}, found ${last}`)
      entries.delete('p\0last')
      // Of every transaction not yet erased all keys are there, with its own number; of erased ones none.
      const erasedBelow = last - (last % 10)
      const expected = new Map<string, string>()
      for (let n = Math.max(erasedBelow, 1); n <= last; n++)
        for (let i = 0; i < KEYS_PER_TRANSACTION; i++) expected.set(`data\0${paddedKey(n, i)}`, String(n))
      assert.deepEqual(new Map([...entries].map(([key, value]) => [key, value.toString()])), expected)
    }
  }).timeout(60_000)
})
