/** Maps inside the messages that Ceph 16.2.15 programs sent each other: bytes, and values that only fit together. */
import assert from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
import type { Reader } from '../../src/codec/reader.ts'
import { encoded, type Writer } from '../../src/codec/writer.ts'
import { decodeFsMap, encodeFsMap, type FsMap } from '../../src/map/fs-map/fs-map.ts'
import { MDS_STATE } from '../../src/map/fs-map/mds-info.ts'
import { decodeMdsMap, encodeMdsMap, type MdsMap } from '../../src/map/fs-map/mds-map.ts'
import type { MgrMap } from '../../src/map/mgr-map/mgr-map.ts'
import { decodeMonMap, encodeMonMap } from '../../src/map/mon-map/mon-map.ts'
import { osdMapBytes, osdMapOf } from '../../src/map/osd-map/codec.ts'
import { fullCrcOf, incrementalBytes, incrementalOf } from '../../src/map/osd-map/incremental-codec.ts'
import {
  decodePgMapDigest,
  encodePgMapDigest,
  type PgMapDigest,
} from '../../src/map/pg-map-digest/pg-map-digest.ts'
import { decodeServiceMap, encodeServiceMap } from '../../src/map/service-map.ts'
import { decodeMessage, type Message } from '../../src/message/message.ts'
import { decoded } from '../codec/decoded.ts'
import { right } from '../map/osd-map/sequence.ts'
import { recordedMessages, wireFolder } from '../message/recorded.ts'

const reencoded = <A>(
  what: string,
  decode: (r: Reader) => A,
  encode: (w: Writer, a: A) => void,
  bytes: Buffer,
): A => {
  const value = decoded(decode, bytes)
  assert.ok(encoded((w) => encode(w, value)).equals(bytes), `${what} of ${bytes.length} bytes`)
  return value
}

describe('maps in messages recorded from Ceph 16.2.15', () => {
  const folder = wireFolder()
  let messages: readonly Message[] = []

  before(function () {
    if (folder === undefined) {
      console.log('      skipped: CEPH_OBJECT_CORPUS names no folder with recorded streams')
      this.skip()
    }
    messages = recordedMessages(folder).flatMap(({ raw }) => {
      const message = decodeMessage(raw)
      return E.isRight(message) ? [message.right] : []
    })
  })

  const all = <Tag extends Message['_tag']>(tag: Tag): readonly Extract<Message, { _tag: Tag }>[] =>
    messages.filter((message): message is Extract<Message, { _tag: Tag }> => message._tag === tag)

  it('FSMap', () => {
    const maps = all('MFSMap').map((m): FsMap => reencoded('FSMap', decodeFsMap, encodeFsMap, m.fsmapBytes))
    assert.ok(maps.length > 0)
    for (const { epoch, nextFilesystemId } of maps) assert.ok(epoch > 0 && nextFilesystemId < 10n)
  })

  it('MDSMap, with its daemon as standby and as active', () => {
    const maps = all('MMDSMap').map((m): MdsMap =>
      reencoded('MDSMap', decodeMdsMap, encodeMdsMap, m.mdsmapBytes),
    )
    const states = new Set(maps.flatMap((map) => [...map.mdsInfo.values()].map(({ state }) => state)))
    assert.ok(states.has(MDS_STATE.STANDBY) && states.has(MDS_STATE.ACTIVE))
    for (const map of maps) {
      assert.equal(map.sessionTimeoutSec, 60)
      for (const [gid, info] of map.mdsInfo) assert.equal(info.gid, gid)
      for (const [rank, gid] of map.up) assert.equal(map.mdsInfo.get(gid)?.rank, rank)
    }
  })

  it('MgrMap, available with clients that have names', () => {
    const maps = all('MMgrMap').map(({ map }): MgrMap => map)
    const available = maps.filter((map) => map.available)
    assert.ok(available.length > 0)
    for (const map of available) {
      assert.ok(map.activeName.length > 0 && map.activeGid > 0n)
      assert.ok(map.clients.every(({ name, addrs }) => name.length > 0 && addrs.length > 0))
    }
  })

  it('PGMapDigest, whose sums agree', () => {
    const digests = all('MMonMgrReport').map((m): PgMapDigest =>
      reencoded('PGMapDigest', decodePgMapDigest, encodePgMapDigest, m.digestBytes),
    )
    assert.ok(digests.length > 0)
    for (const digest of digests) {
      const byState = [...digest.numPgByState.values()].reduce((sum, n) => sum + n, 0)
      const byPool = [...digest.numPgByPool.values()].reduce((sum, n) => sum + n, 0n)
      assert.equal(BigInt(byState), digest.numPg)
      assert.equal(byPool, digest.numPg)
    }
  })

  it('ServiceMap', () => {
    const bytes = all('MMonMgrReport').map((m) => m.serviceMapBytes)
    const present = bytes.filter(({ length }) => length > 0)
    for (const map of present) reencoded('ServiceMap', decodeServiceMap, encodeServiceMap, map)
  })

  it('MonMap', () => {
    const maps = all('MMonMap').map((m) => reencoded('MonMap', decodeMonMap, encodeMonMap, m.monmapBytes))
    assert.ok(maps.length > 0)
    for (const { mons, ranks } of maps) assert.deepEqual([...mons.keys()].sort(), [...ranks].sort())
  })

  it('OSDMap and its incrementals', () => {
    const incrementals = all('MOSDMap').flatMap((m) => [...m.incrementals])
    const fulls = all('MOSDMap').flatMap((m) => [...m.fulls])
    assert.ok(incrementals.length > 0)
    for (const [epoch, bytes] of incrementals) {
      const inc = right(incrementalOf(bytes))
      assert.equal(inc.epoch, epoch)
      assert.ok(incrementalBytes(inc, fullCrcOf(bytes)).equals(bytes), `incremental ${epoch}`)
    }
    for (const [epoch, bytes] of fulls) {
      const map = right(osdMapOf(bytes))
      assert.equal(map.epoch, epoch)
      assert.ok(osdMapBytes(map).equals(bytes), `osdmap ${epoch}`)
    }
  })
})
