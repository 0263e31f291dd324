import assert from 'node:assert/strict'
import { HEALTH, type HealthCheckMap, type HealthMute } from '../../../src/map/health.ts'
import { checkMutes, type Mutes } from '../../../src/service/health/mutes.ts'

const NOW = 1_800_000_000_000
const CODE = 'OSD_DOWN'

const muted = (fields: Partial<HealthMute> = {}): Mutes =>
  new Map([
    [
      CODE,
      { code: CODE, ttl: { sec: 0, nsec: 0 }, sticky: false, summary: '2 osds down', count: 2n, ...fields },
    ],
  ])

const raised = (count: bigint, summary = `${count} osds down`): HealthCheckMap =>
  new Map([[CODE, { severity: HEALTH.WARN, summary, detail: [], count }]])

const NOTHING_RAISED: HealthCheckMap = new Map()

describe('a mute', () => {
  it('stays, as the same value, while its check does', () => {
    const mutes = muted()
    assert.deepEqual(checkMutes(mutes, raised(2n), NOW), { mutes, lines: [] })
    assert.equal(checkMutes(mutes, raised(2n), NOW).mutes, mutes)
  })

  it('ends with its check, and when that affects more', () => {
    assert.deepEqual(checkMutes(muted(), NOTHING_RAISED, NOW), {
      mutes: new Map(),
      lines: ['Health alert mute OSD_DOWN cleared (health alert cleared)'],
    })
    assert.deepEqual(checkMutes(muted(), raised(3n), NOW), {
      mutes: new Map(),
      lines: ['Health alert mute OSD_DOWN cleared (count increased from 2 to 3)'],
    })
  })

  it('follows a check that affects less, so that it ends at the next increase', () => {
    const { mutes, lines } = checkMutes(muted(), raised(1n), NOW)
    assert.deepEqual([mutes.get(CODE)?.count, lines], [1n, []])
    assert.equal(checkMutes(mutes, raised(2n), NOW).mutes.size, 0)
  })

  it('of a check that counts nothing ends when its words change', () => {
    const mutes = muted({ count: 0n, summary: 'no active mgr' })
    assert.equal(checkMutes(mutes, raised(0n, 'no active mgr'), NOW).mutes, mutes)
    assert.deepEqual(checkMutes(mutes, raised(0n, 'something else'), NOW).lines, [
      'Health alert mute OSD_DOWN cleared (summary changed)',
    ])
  })

  it('that is sticky outlives its check', () => {
    const mutes = muted({ sticky: true, count: 0n, summary: '' })
    for (const checks of [NOTHING_RAISED, raised(9n)])
      assert.equal(checkMutes(mutes, checks, NOW).mutes, mutes)
  })

  it('ends when its time is over, sticky or not', () => {
    const ttl = { sec: NOW / 1000, nsec: 0 }
    for (const sticky of [true, false])
      assert.deepEqual(checkMutes(muted({ ttl, sticky }), raised(2n), NOW), {
        mutes: new Map(),
        lines: ['Health alert mute OSD_DOWN cleared (passed TTL 2027-01-15T08:00:00.000000+0000)'],
      })
    const mutes = muted({ ttl: { ...ttl, nsec: 1 } })
    assert.equal(checkMutes(mutes, raised(2n), NOW).mutes, mutes)
  })
})
