import assert from 'node:assert/strict'
import { type Reader } from '../../src/codec/reader.ts'
import { encoded, type Writer } from '../../src/codec/writer.ts'
import { decodeConnectionTracker, encodeConnectionTracker } from '../../src/map/connection-tracker.ts'
import { decodeHealthCheckMap, encodeHealthCheckMap } from '../../src/map/health.ts'
import {
  decodeLogEntry,
  decodeLogSummary,
  encodeLogEntry,
  encodeLogSummary,
} from '../../src/map/log-entry.ts'
import { decodeCreatingPgs, encodeCreatingPgs } from '../../src/service/osdmap/creating-pgs/creating-pgs.ts'
import { decoded } from '../codec/decoded.ts'
import { fixture } from '../fixture/fixture.ts'

interface Stored {
  readonly value: unknown
  readonly again: Buffer
}

const stored = <A>(name: string, decode: (r: Reader) => A, encode: (w: Writer, a: A) => void): Stored => {
  const value = decoded(decode, fixture(`map/${name}.bin`))
  return { value, again: encoded((w) => encode(w, value)) }
}

// logm values are a version byte and entries; the first of a cluster has one.
const logValue = (r: Reader) => ({ version: r.u8(), entry: decodeLogEntry(r) })
const putLogValue = (w: Writer, value: ReturnType<typeof logValue>): void => {
  w.u8(value.version)
  encodeLogEntry(w, value.entry)
}

const VALUES: Readonly<Record<string, () => Stored>> = {
  'health-monmap': () => stored('health-monmap', decodeHealthCheckMap, encodeHealthCheckMap),
  'health-osdmap': () => stored('health-osdmap', decodeHealthCheckMap, encodeHealthCheckMap),
  'logm-1': () => stored('logm-1', logValue, putLogValue),
  'logm-full_1': () => stored('logm-full_1', decodeLogSummary, encodeLogSummary),
  'monitor-connectivity_scores': () =>
    stored('monitor-connectivity_scores', decodeConnectionTracker, encodeConnectionTracker),
  'osd_pg_creating-creating': () => stored('osd_pg_creating-creating', decodeCreatingPgs, encodeCreatingPgs),
}

describe('values of a real store re-encode', () => {
  for (const [name, read] of Object.entries(VALUES))
    it(name, () => {
      assert.deepEqual(read().again, fixture(`map/${name}.bin`))
    })

  it('and the first line of the log says which cluster was made', () => {
    const { entry } = decoded(logValue, fixture('map/logm-1.bin'))
    assert.equal(entry.msg, 'mkfs 5a8b0ed7-d77d-46f2-b5ca-4e2506c75182')
    assert.equal(entry.channel, '')
  })
})
