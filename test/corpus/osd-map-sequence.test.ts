import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatJson } from '../../src/base/json.ts'
import { osdMapBytes } from '../../src/map/osd-map/codec.ts'
import { osdMapDump } from '../../src/map/osd-map/dump.ts'
import { applyAll } from '../map/osd-map/sequence.ts'

const SEQUENCES = { 'osdmap-sequence': 77, 'osdmap-sequence-2': 39 } as const

describe('OSDMap epochs recorded from Ceph 16.2.15', () => {
  for (const [name, epochs] of Object.entries(SEQUENCES)) {
    const folder = join(process.env['CEPH_OBJECT_CORPUS'] ?? '', 'wire', name)

    it(`${name}: ${epochs} incrementals give every full_crc, the last map and its dump`, function () {
      if (!existsSync(folder)) {
        console.log('      skipped: CEPH_OBJECT_CORPUS names no folder with recorded osdmap sequences')
        this.skip()
      }
      const file = (path: string): Buffer => readFileSync(join(folder, path))
      const names = readdirSync(folder).sort()
      const incrementals = names.filter((path) => path.startsWith('inc.')).map(file)
      assert.equal(incrementals.length, epochs)
      const map = applyAll(incrementals)
      assert.deepEqual(osdMapBytes(map), file(`full.${String(epochs).padStart(3, '0')}.bin`))
      assert.equal(formatJson(osdMapDump(map)), file('dump.json').toString().trim())
    })
  }
})
