import assert from 'node:assert/strict'
import { kvService } from '../../../src/service/kv/service.ts'
import { SmallWorld } from '../small-world.ts'

const FSID = '01234567-89ab-cdef-0123-456789abcdef'

describe('a version of kv', () => {
  it('is written as counters, delta and keys, in the order of the keys', () => {
    const { world } = new SmallWorld(FSID)
    const ops = kvService.encodePending(world, {
      changes: new Map([
        ['b', undefined],
        ['a', Buffer.from('1')],
      ]),
    })
    assert.deepEqual(
      ops.map((op) => [op.type, op.prefix, op.key, 'value' in op ? op.value.toString('hex') : '']),
      [
        ['put', 'kv', 'last_committed', '0200000000000000'],
        ['put', 'kv', '2', '02000000' + '0100000061' + '01' + '0100000031' + '0100000062' + '00'],
        ['put', 'mon_config_key', 'a', '31'],
        ['erase', 'mon_config_key', 'b', ''],
      ],
    )
  })
})
