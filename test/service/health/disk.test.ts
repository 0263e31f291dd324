import assert from 'node:assert/strict'
import { HEALTH } from '../../../src/map/health.ts'
import { diskHealth, type DiskUsage } from '../../../src/service/health/disk.ts'
import { memberHealth, quorumHealth } from '../../../src/service/health/member.ts'
import { testOptions, testWorld } from '../world.ts'

const GIB = 2 ** 30

const found = (
  disk: Partial<DiskUsage> | undefined,
): readonly (readonly [string, number, readonly string[]])[] =>
  diskHealth(
    testWorld(
      {},
      {
        disk:
          disk === undefined
            ? undefined
            : { totalBytes: 100 * GIB, availableBytes: 50 * GIB, storeBytes: 0, ...disk },
      },
    ),
  ).map(([code, { severity, detail }]) => [code, severity, detail])

describe('the disk of a monitor', () => {
  it('raises nothing while there is room, or before anybody looked', () => {
    assert.deepEqual(found({ availableBytes: 31 * GIB }), [])
    assert.deepEqual(found(undefined), [])
  })

  it('is low, then critical, at whole percents rounded down', () => {
    assert.deepEqual(found({ availableBytes: 30.99 * GIB }), [
      ['MON_DISK_LOW', HEALTH.WARN, ['mon.a has 30% avail']],
    ])
    assert.deepEqual(found({ availableBytes: 5.99 * GIB }), [
      ['MON_DISK_CRIT', HEALTH.ERR, ['mon.a has 5% avail']],
    ])
  })

  it('may hold a big store', () => {
    assert.deepEqual(found({ storeBytes: 15 * GIB }), [
      ['MON_DISK_BIG', HEALTH.WARN, ['mon.a is 15 GiB >= mon_data_size_warn (15 GiB)']],
    ])
  })

  it('is told by each monitor and counted by the leader, in the order of ranks', () => {
    const disk = { totalBytes: 100, availableBytes: 20, storeBytes: 0 }
    const options = testOptions({ auth_allow_insecure_global_id_reclaim: 'false' })
    const of = (name: string) =>
      memberHealth({
        ...testWorld({}, { disk, options }),
        self: { name, rank: 0, isLeader: false, addrs: [] },
      })
    const monmap = { ranks: ['a', 'b', 'c'] } as never
    const check = quorumHealth(
      new Map([
        [2, of('c')],
        [0, of('a')],
      ]),
      monmap,
    ).get('MON_DISK_LOW')
    assert.deepEqual(check, {
      severity: HEALTH.WARN,
      summary: 'mons a,c are low on available space',
      detail: ['mon.a has 20% avail', 'mon.c has 20% avail'],
      count: 2n,
    })
  })
})
