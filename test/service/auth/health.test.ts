import assert from 'node:assert/strict'
import { HEALTH } from '../../../src/map/health.ts'
import { badCapsHealth, reclaimHealth } from '../../../src/service/auth/health.ts'
import { authService } from '../../../src/service/auth/service.ts'
import { quorumHealth } from '../../../src/service/health/member.ts'
import { Harness, testOptions, testSession } from '../world.ts'

const NOTHING = { changes: [] }

describe('health of the auth service', () => {
  const importing = (text: string): Harness<'auth'> => {
    const harness = Harness.created(authService)
    harness.command({ prefix: 'auth import' }, text)
    return harness
  }
  const KEY = 'AQBNkgNr1NgxNBAA8utvm3oz719xHkFgaDzKuw=='

  it('complains of capabilities that nobody understands, in the words of a real monitor', () => {
    const { world } = importing(`[client.j1]\nkey = ${KEY}\ncaps mon = "garbage"\n`)
    const check = badCapsHealth(world, NOTHING).get('AUTH_BAD_CAPS')
    assert.deepEqual(check, {
      severity: HEALTH.ERR,
      summary: '1 auth entities have invalid capabilities',
      detail: ["client.j1 mon capability parse failed, stopped at 'garbage' of 'garbage'"],
      count: 1n,
    })
  })

  it('sees what is pending', () => {
    const { world } = importing(`[client.j1]\nkey = ${KEY}\ncaps mon = "garbage"\n`)
    const change = { op: 'del', name: { type: 8, id: 'j1' }, auth: undefined as never } as const
    assert.equal(badCapsHealth(world, { changes: [{ _tag: 'Keys', change }] }).size, 0)
  })

  it('says that clients may keep ids without proof, and which do', () => {
    const session = testSession()
    const insecure = { ...session.identity, globalIdStatus: 'RECLAIM_INSECURE' as const }
    const { world } = Harness.created(authService, {
      sessions: [session, { ...session, identity: insecure }],
    })
    const checks = reclaimHealth(world)
    assert.deepEqual(
      [...checks].map(([code, { severity, count }]) => [code, severity, count]),
      [
        ['AUTH_INSECURE_GLOBAL_ID_RECLAIM', HEALTH.WARN, 1n],
        ['AUTH_INSECURE_GLOBAL_ID_RECLAIM_ALLOWED', HEALTH.WARN, 1n],
      ],
    )
    assert.deepEqual(checks.get('AUTH_INSECURE_GLOBAL_ID_RECLAIM')?.detail, [
      'client.admin at v2:127.0.0.1:21600/0 is using insecure global_id reclaim',
    ])
    const options = testOptions({ auth_allow_insecure_global_id_reclaim: 'false' })
    assert.equal(reclaimHealth({ ...world, options }).size, 0)
  })

  it('counts the monitors that say so', () => {
    const { world } = Harness.created(authService)
    const own = reclaimHealth(world)
    const monmap = { ranks: ['a', 'b', 'c'] } as never
    const summary = (ranks: readonly number[]): string | undefined =>
      quorumHealth(new Map(ranks.map((rank) => [rank, own])), monmap).get(
        'AUTH_INSECURE_GLOBAL_ID_RECLAIM_ALLOWED',
      )?.summary
    assert.equal(summary([0]), 'mon is allowing insecure global_id reclaim')
    assert.equal(summary([0, 2]), 'mons are allowing insecure global_id reclaim')
  })
})
