/** An OSDMap in which every step of placement has something to do. */
import { pgKey } from '../../../src/codec/type/pg-key.ts'
import { utimeOfMs } from '../../../src/codec/type/utime.ts'
import { decodeCrushMap } from '../../../src/map/crush/codec.ts'
import { OSD_STATE, POOL_FLAG, POOL_TYPE } from '../../../src/map/osd-map/constant.ts'
import { initialOsdMap } from '../../../src/map/osd-map/initial.ts'
import { NO_OSD, type Osd, type OsdMap } from '../../../src/map/osd-map/osd-map.ts'
import { EMPTY_POOL, type Pool } from '../../../src/map/osd-map/pool.ts'
import { decoded } from '../../codec/decoded.ts'
import { fixture } from '../../fixture/fixture.ts'

const OSD_COUNT = 12

const osd = (id: number): Osd => ({
  ...NO_OSD,
  // 3 is down, 5 does not exist, 7 is out, 4 is half in; 0 and 9 are reluctant primaries, 1 never is one.
  state: id === 5 ? 0 : id === 3 ? OSD_STATE.EXISTS : OSD_STATE.EXISTS | OSD_STATE.UP,
  weight: id === 7 || id === 5 ? 0 : id === 4 ? 0x8000 : 0x10000,
  primaryAffinity: id === 1 ? 0 : id === 0 || id === 9 ? 0x4000 : 0x10000,
})

const pool = (changes: Partial<Pool>): Pool => ({
  ...EMPTY_POOL,
  objectHash: 2,
  pgAutoscaleMode: 0,
  ...changes,
})

const pg = (id: bigint, seed: number) => pgKey({ pool: id, seed })

/** Three pools: replicated, erasure-coded, and one without hashed pool ids whose pg_num is no power of two. */
export const placementMap = (): OsdMap => ({
  ...initialOsdMap('11111111-2222-3333-4444-555555555555', utimeOfMs(1_700_000_000_000)),
  crush: decoded(decodeCrushMap, fixture('map/crush/straw2.bin')),
  osds: Array.from({ length: OSD_COUNT }, (_, id) => osd(id)),
  hasPrimaryAffinity: true,
  poolMax: 3,
  pools: new Map([
    [
      1n,
      pool({
        ...sized(64, 64),
        type: POOL_TYPE.replicated,
        size: 3,
        minSize: 2,
        flags: POOL_FLAG.HASHPSPOOL,
      }),
    ],
    [
      2n,
      pool({
        ...sized(32, 16),
        type: POOL_TYPE.erasure,
        size: 4,
        minSize: 3,
        crushRule: 1,
        flags: POOL_FLAG.HASHPSPOOL,
      }),
    ],
    [3n, pool({ ...sized(12, 12), type: POOL_TYPE.replicated, size: 2, minSize: 1 })],
  ]),
  poolNames: new Map([
    [1n, 'rep'],
    [2n, 'ec'],
    [3n, 'odd'],
  ]),
  pgUpmap: new Map([
    [pg(1n, 3), [2, 8, 11]],
    [pg(1n, 4), [7, 8, 11]],
  ]),
  pgUpmapItems: new Map([
    [pg(1n, 0), Array.from({ length: OSD_COUNT }, (_, from) => [from, 11] as const)],
    [pg(1n, 1), Array.from({ length: OSD_COUNT }, (_, from) => [from, 7] as const)],
    [pg(2n, 2), Array.from({ length: OSD_COUNT }, (_, from) => [from, (from + 1) % OSD_COUNT] as const)],
  ]),
  pgTemp: new Map([
    [pg(1n, 5), [3, 2, 6]],
    [pg(1n, 6), [3]],
    [pg(2n, 5), [3, 2, 6, 8]],
  ]),
  primaryTemp: new Map([
    [pg(1n, 7), 10],
    [pg(1n, 5), 6],
  ]),
})

const sized = (pgNum: number, pgpNum: number): Partial<Pool> => ({
  pgNum,
  pgpNum,
  pgNumTarget: pgNum,
  pgpNumTarget: pgpNum,
  pgNumPending: pgNum,
})

/** `1.3 up ([1,2], p1) acting ([1,2], p1)` of each group, out of what osdmaptool prints. */
export const placementLines = (text: string): readonly string[] =>
  text.split('\n').flatMap((line) => {
    const match = /^(\S+) raw .* up (\(.*\)) acting (\(.*\))$/.exec(line)
    return match === null ? [] : [`${match[1]} up ${match[2]} acting ${match[3]}`]
  })
