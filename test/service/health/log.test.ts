import assert from 'node:assert/strict'
import { HEALTH, type HealthCheck, type HealthCheckMap, NO_HEALTH_CHECKS } from '../../../src/map/health.ts'
import {
  type Logged,
  type LoggedChecks,
  logChange,
  logDelayed,
  logOverall,
} from '../../../src/service/health/log.ts'

const PERIOD_MS = 5000

const check = (
  summary: string,
  severity: number = HEALTH.WARN,
  detail: readonly string[] = [],
): HealthCheck => ({
  severity,
  summary,
  detail,
  count: 1n,
})

const checks = (fields: Readonly<Record<string, HealthCheck>>): HealthCheckMap =>
  new Map(Object.entries(fields))

const at = (now: number): { readonly now: number; readonly periodMs: number } => ({
  now,
  periodMs: PERIOD_MS,
})

const told = ({ lines }: Pick<Logged, 'lines'>): readonly string[] =>
  lines.map(({ level, text }) => `${level}: ${text}`)

const NOTHING: LoggedChecks = new Map()

describe('a change of health in the cluster log', () => {
  const down = checks({ MON_DOWN: check('1/3 mons down') })

  it('is a failure at first, at the level of the severity', () => {
    const after = checks({
      MON_DOWN: check('1/3 mons down'),
      OSD_FULL: check('1 full osd(s)', HEALTH.ERR),
      POOL_SCRUB_FLAGS: check('Some pool(s)', HEALTH.OK),
    })
    assert.deepEqual(told(logChange(NOTHING, NO_HEALTH_CHECKS, after, at(0))), [
      'warn: Health check failed: 1/3 mons down (MON_DOWN)',
      'error: Health check failed: 1 full osd(s) (OSD_FULL)',
      'info: Health check failed: Some pool(s) (POOL_SCRUB_FLAGS)',
    ])
  })

  it('is an update when the words or the severity are others, and nothing when only details are', () => {
    const worse = checks({ MON_DOWN: check('1/3 mons down', HEALTH.ERR) })
    const other = checks({ MON_DOWN: check('2/3 mons down') })
    const detailed = checks({ MON_DOWN: { ...check('1/3 mons down'), detail: ['b'], count: 2n } })
    assert.deepEqual(told(logChange(NOTHING, down, other, at(0))), [
      'warn: Health check update: 2/3 mons down (MON_DOWN)',
    ])
    assert.deepEqual(told(logChange(NOTHING, down, worse, at(0))), [
      'error: Health check update: 1/3 mons down (MON_DOWN)',
    ])
    assert.deepEqual(told(logChange(NOTHING, down, detailed, at(0))), [])
  })

  it('says what has cleared, some checks in words of their own', () => {
    const before = checks({
      MON_DOWN: check('1/3 mons down'),
      OSD_FLAGS: check('1 OSDs'),
      DEGRADED_OBJECTS: check('3 objects'),
    })
    assert.deepEqual(told(logChange(NOTHING, before, NO_HEALTH_CHECKS, at(0))), [
      'info: Health check cleared: MON_DOWN (was: 1/3 mons down)',
      'info: OSD flags cleared',
      'info: All degraded objects recovered',
    ])
  })
})

describe('an update of a check that has just been logged', () => {
  const flags = (text: string, severity: number = HEALTH.WARN): HealthCheckMap =>
    checks({ OSDMAP_FLAGS: check(`${text} flag(s) set`, severity) })
  const first = logChange(NOTHING, NO_HEALTH_CHECKS, flags('noout'), at(1000))

  it('waits until the period is over, and is then told once', () => {
    const { lines, logged } = logChange(first.logged, flags('noout'), flags('noout,noup'), at(2000))
    assert.deepEqual(lines, [])
    assert.deepEqual(logDelayed(logged, flags('noout,noup'), at(6000)).lines, [])
    const late = logDelayed(logged, flags('noout,noup'), at(6001))
    assert.deepEqual(told(late), ['warn: Health check update: noout,noup flag(s) set (OSDMAP_FLAGS)'])
    assert.deepEqual(logDelayed(late.logged, flags('noout,noup'), at(20_000)).lines, [])
  })

  it('is never told when it is taken back before', () => {
    const there = logChange(first.logged, flags('noout'), flags('noout,noup'), at(2000))
    const back = logChange(there.logged, flags('noout,noup'), flags('noout'), at(3000))
    assert.deepEqual([...there.lines, ...back.lines], [])
    assert.deepEqual(logDelayed(back.logged, flags('noout'), at(20_000)).lines, [])
  })

  it('does not wait when it is better or worse, or long after', () => {
    const worse = flags('noout', HEALTH.ERR)
    assert.equal(logChange(first.logged, flags('noout'), worse, at(1001)).lines.length, 1)
    assert.equal(logChange(first.logged, flags('noout'), flags('noup'), at(6000)).lines.length, 1)
  })

  it('is forgotten with the check', () => {
    const cleared = logChange(first.logged, flags('noout'), NO_HEALTH_CHECKS, at(2000))
    assert.equal(cleared.logged.size, 0)
  })
})

describe('the overall health in the cluster log', () => {
  const health = {
    checks: checks({ MON_DOWN: check('1/3 mons down', HEALTH.WARN, ['mon.c is down']) }),
    mutes: new Map(),
  }

  it('is in detail when it is news, line by line', () => {
    const { lines, summary } = logOverall(health, 0, undefined, true)
    assert.deepEqual(told({ lines }), [
      'warn: Health detail: HEALTH_WARN 1/3 mons down',
      'warn: [WRN] MON_DOWN: 1/3 mons down',
      'warn:     mon.c is down',
    ])
    assert.deepEqual(told(logOverall(health, 0, summary, true)), ['warn: overall HEALTH_WARN 1/3 mons down'])
    assert.deepEqual(told(logOverall(health, 0, undefined, false)), [
      'warn: overall HEALTH_WARN 1/3 mons down',
    ])
  })

  it('is one line when all is well', () => {
    const well = { checks: NO_HEALTH_CHECKS, mutes: new Map() }
    assert.deepEqual(told(logOverall(well, 0, undefined, true)), ['info: overall HEALTH_OK'])
  })
})
