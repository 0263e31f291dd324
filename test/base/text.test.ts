import assert from 'node:assert/strict'
import fc from 'fast-check'
import { oneLine, textOf, wireBytes } from '../../src/base/text.ts'

describe('text on the wire', () => {
  it('is what the bytes say where they are UTF-8', () => {
    assert.equal(textOf(Buffer.from('aé€😀')), 'aé€😀')
    assert.deepEqual(wireBytes('aé€😀'), Buffer.from('aé€😀'))
  })

  it('keeps every byte that is not', () => {
    const parts = fc.oneof(
      fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
      fc.string({ unit: 'binary', maxLength: 8 }).map((text) => Buffer.from(text)),
    )
    fc.assert(
      fc.property(fc.array(parts), (all) => {
        const bytes = Buffer.concat(all)
        assert.deepEqual(wireBytes(textOf(bytes)), bytes)
      }),
      { numRuns: 2000 },
    )
  })

  it('takes memory in proportion to its length, also where nothing is UTF-8', () => {
    const bytes = Buffer.alloc(8 * 1024 * 1024, 0xff)
    const before = process.memoryUsage().rss
    assert.deepEqual(wireBytes(textOf(bytes)), bytes)
    assert.ok(process.memoryUsage().rss - before < 40 * bytes.length)
  })

  it('is one line in a log, and no longer than is said', () => {
    assert.equal(oneLine('a\nb\u001b[2J\u0085\u2028é', 100), 'a\\x0ab\\x1b[2J\\x85\\x2028é')
    assert.equal(oneLine('x'.repeat(50), 10), `${'x'.repeat(10)}… (50 characters)`)
  })
})
