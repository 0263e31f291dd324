/** A monmap of one monitor, as the transcripts' cluster had it. */
import { entityAddr } from '../../src/codec/type/entity-addr.ts'
import { EMPTY_MON_MAP, type MonMap } from '../../src/map/mon-map/mon-map.ts'
import { RELEASE } from '../../src/map/release.ts'

export const monMapOf = (fsid: string): MonMap => ({
  ...EMPTY_MON_MAP,
  fsid,
  epoch: 1,
  minMonRelease: RELEASE.pacific,
  mons: new Map([
    [
      'a',
      {
        name: 'a',
        publicAddrs: [entityAddr('msgr2', '127.0.0.1', 21500), entityAddr('legacy', '127.0.0.1', 21501)],
        priority: 0,
        weight: 0,
        crushLoc: new Map<string, string>(),
      },
    ],
  ]),
  ranks: ['a'],
})
