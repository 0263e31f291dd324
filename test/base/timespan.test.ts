import assert from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
import { parseTimespan, printTimespan } from '../../src/base/timespan.ts'

describe('a span of time', () => {
  it('is read as a sum of counts and units; a count alone is seconds', () => {
    const cases = [
      ['90', 90],
      ['1h30m', 5400],
      [' 1 hr 30 min ', 5400],
      ['1h5', 3605],
      ['2 days', 172_800],
      ['1mo', 30 * 86_400],
      ['1y1w', 372 * 86_400],
    ] as const
    for (const [text, seconds] of cases) assert.deepEqual(parseTimespan(text), E.right(seconds), text)
  })

  // In the words of ceph-mon 16.2.15.
  it('that is none says why', () => {
    const cases = [
      ['', 'timespan = 0'],
      [' ', 'timespan = 0'],
      ['00s', 'timespan = 0'],
      ['foo', 'expected digit'],
      ['-5', 'expected digit'],
      ['1h_', 'expected digit'],
      ['5x', "unrecogized unit 'x'"],
      ['1H', "unrecogized unit 'H'"],
      ['5secs', "unrecogized unit 'secs'"],
      ['1.5h', "unexpected trailing '.5h'"],
      ['5 5', "unexpected trailing '5'"],
      ['99999999999999999999', "The option value '99999999999999999999' seems to be invalid"],
    ] as const
    for (const [text, why] of cases) assert.deepEqual(parseTimespan(text), E.left(why), text)
  })

  it('is printed in one unit, rounded down', () => {
    const sec = 1000
    const cases = [
      [0, '0s'],
      [1.5 * sec, '1.5s'],
      [119.9 * sec, '119s'],
      [120 * sec, '2m'],
      [7199 * sec, '119m'],
      [13 * 86_400 * sec, '13d'],
    ] as const
    for (const [ms, text] of cases) assert.equal(printTimespan(ms), text)
  })
})
