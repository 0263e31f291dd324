/** What Ceph's own tools read in maps that we write. They must be installed: monmaptool, osdmaptool, crushtool. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatJson } from '../../src/base/json.ts'
import { parseAddrvec } from '../../src/codec/type/entity-addr.ts'
import { utimeOfMs } from '../../src/codec/type/utime.ts'
import { crushMapBytes } from '../../src/map/crush/codec.ts'
import { defaultCrushMap } from '../../src/map/crush/default-map.ts'
import { initialMonMap, monInfo } from '../../src/map/mon-map/edit.ts'
import { monMapBytes } from '../../src/map/mon-map/mon-map.ts'
import { printMonMap } from '../../src/map/mon-map/print.ts'
import { osdMapBytes } from '../../src/map/osd-map/codec.ts'
import { osdMapDump } from '../../src/map/osd-map/dump.ts'
import { printOsdMap } from '../../src/map/osd-map/dump-plain.ts'
import { initialOsdMap } from '../../src/map/osd-map/initial.ts'
import type { OsdMap } from '../../src/map/osd-map/osd-map.ts'
import { placementMap } from '../map/osd-map/placement-map.ts'

const FSID = '11111111-2222-3333-4444-555555555555'
const NOW = utimeOfMs(1_700_000_000_123)

describe("Ceph's tools read our maps", () => {
  let dir = ''
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'maps-'))
  })
  after(() => {
    rmSync(dir, { recursive: true })
  })

  const written = (name: string, bytes: Buffer): string => {
    const path = join(dir, name)
    writeFileSync(path, bytes)
    return path
  }
  const run = (tool: string, ...args: readonly string[]): string =>
    execFileSync(tool, args, {
      env: { ...process.env, TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).toString()

  it('monmaptool --print', () => {
    const mons = ['a', 'b', 'c'].map((name, i) =>
      monInfo(name, parseAddrvec(`[v2:10.0.0.${i + 1}:3300,v1:10.0.0.${i + 1}:6789]`)!),
    )
    const map = initialMonMap(FSID, mons, NOW)
    const printed = run('monmaptool', '--print', written('monmap', monMapBytes(map)))
    assert.equal(printed.split('\n').slice(1).join('\n'), printMonMap(map))
  })

  const MAPS: Readonly<Record<string, () => OsdMap>> = {
    'of a new cluster': () => initialOsdMap(FSID, NOW),
    'with OSDs, pools and overrides': placementMap,
  }
  for (const [name, build] of Object.entries(MAPS))
    it(`osdmaptool prints an OSDMap ${name} as we do`, () => {
      const map = build()
      const path = written('osdmap', osdMapBytes(map))
      assert.equal(run('osdmaptool', '--print', path), printOsdMap(map))
      assert.equal(run('osdmaptool', '--dump', 'json', path).trim(), formatJson(osdMapDump(map)))
    })

  it('crushtool decompiles the default map and compiles it to the same rules', () => {
    const path = written('crush', crushMapBytes(defaultCrushMap()))
    const text = run('crushtool', '-d', path)
    assert.match(text, /root default \{[^}]*id -1/)
    assert.match(text, /rule replicated_rule \{[^}]*step chooseleaf firstn 0 type host/)
    assert.match(text, /type 11 root/)
  })
})
