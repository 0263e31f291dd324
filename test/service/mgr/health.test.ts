import assert from 'node:assert/strict'
import { HEALTH } from '../../../src/map/health.ts'
import { OSD_STATE } from '../../../src/map/osd-map/constant.ts'
import { mgrService } from '../../../src/service/mgr/service.ts'
import { mgrHealth } from '../../../src/service/mgr/health.ts'
import { Harness, testOptions } from '../world.ts'

const START_SEC = Date.UTC(2026, 10, 23) / 1000
const GRACE_SEC = 120

const clusterOf = (osds: number): Harness<'mgr'> => {
  const osdmap = { map: { osds: Array.from({ length: osds }, () => ({ state: OSD_STATE.EXISTS })) } }
  return Harness.created(
    mgrService,
    {
      monmap: { created: { sec: START_SEC, nsec: 0 } } as never,
      options: testOptions({ mon_mgr_mkfs_grace: String(GRACE_SEC) }),
    },
    { osdmap: osdmap as never },
  )
}

const found = ({ world, service }: Harness<'mgr'>): readonly (readonly [string, number])[] =>
  [...mgrHealth(world, service.createPending(world))].map(([code, { severity }]) => [code, severity])

const tick = ({ world, service }: Harness<'mgr'>): string | undefined =>
  service.tick?.(world, { mgr: service.createPending(world) } as never)?._tag

describe('a cluster without a manager', () => {
  it('misses it when it has OSDs and the time of a new cluster is over', () => {
    const cluster = clusterOf(1)
    cluster.wait(GRACE_SEC * 1000)
    assert.deepEqual([found(cluster), tick(cluster)], [[], undefined])
    cluster.wait(1)
    assert.deepEqual([found(cluster), tick(cluster)], [[['MGR_DOWN', HEALTH.WARN]], 'Prepared'])
  })

  it('is well for ever without OSDs', () => {
    const cluster = clusterOf(0)
    cluster.wait(10 * GRACE_SEC * 1000)
    assert.deepEqual([found(cluster), tick(cluster)], [[], undefined])
  })

  it('says so once', () => {
    const cluster = clusterOf(1)
    cluster.wait(GRACE_SEC * 1000 + 1)
    cluster.propose(cluster.service.createPending(cluster.world))
    assert.equal(tick(cluster), undefined)
  })

  it('that once had one is in a worse way after a while', () => {
    const cluster = clusterOf(1)
    cluster.wait(GRACE_SEC * 1000 + 1)
    const hadOne = (sinceMs: number): Harness<'mgr'> => {
      const { world, state } = cluster
      const mgr = { ...state, everHadActive: true, inactiveSinceMs: world.now - sinceMs }
      return new Harness(mgrService, { ...world, committed: { ...world.committed, mgr } })
    }
    assert.deepEqual(found(hadOne(60_000)), [['MGR_DOWN', HEALTH.WARN]])
    assert.deepEqual(found(hadOne(60_001)), [['MGR_DOWN', HEALTH.ERR]])
  })
})
