import assert from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
import { auditTell } from '../../src/monitor/audit.ts'
import { parseCommand } from '../../src/service/command-parse.ts'

const auditOf = (command: Readonly<Record<string, unknown>>): ReturnType<typeof auditTell> => {
  const parsed = parseCommand([JSON.stringify(command)], Buffer.alloc(0))
  assert.ok(E.isRight(parsed))
  return auditTell(parsed.right)
}

describe('audit of a command to one monitor', () => {
  it('has the values alone, and no format where none was named', () => {
    assert.deepEqual(auditOf({ prefix: 'mon_status' }), {
      level: 'debug',
      dispatch: `from='admin socket' entity='admin socket' cmd='mon_status' args=[]: dispatch`,
      finished: `from='admin socket' entity='admin socket' cmd=mon_status args=[]: finished`,
    })
  })

  // The line of a ceph-mon 16.2.15 that was asked this.
  it('has the values in the order of their names, the format among them', () => {
    assert.equal(
      auditOf({ prefix: 'mon_status', zeta: true, alpha: ['x', 'y'], mid: 3.5, num: 7, format: 'json' })
        .dispatch,
      `from='admin socket' entity='admin socket' cmd='mon_status' args=[[x,y], json, 3.5, 7, 1]: dispatch`,
    )
  })

  it('is of a higher level for a command that does more than look', () => {
    assert.equal(auditOf({ prefix: 'quorum enter' }).level, 'info')
  })
})
