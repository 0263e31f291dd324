import { deepEqual, match, ok } from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
import { parseTraceLines } from '../../conformance/trace-format.ts'
import { traceLine, type TraceStep } from '../../src/trace/record.ts'

const STEP: TraceStep = {
  machine: 'election',
  action: 'StartElection',
  args: {},
  before: { mode: 'probing' },
  after: { mode: 'candidate', ackedMe: [0] },
  out: [{ kind: 'write', epoch: 1 }],
}

describe('trace lines', () => {
  it('come back as they were written', () => {
    const lines = parseTraceLines(traceLine('a', 0, STEP) + traceLine('a', 1, STEP))
    deepEqual(lines, E.right([0, 1].map((n) => ({ node: 'a', n, ...STEP }))))
  })

  it('may end in the middle, because the process died', () => {
    const lines = parseTraceLines(traceLine('a', 0, STEP) + traceLine('a', 1, STEP).slice(0, 20))
    ok(E.isRight(lines))
    deepEqual(lines.right.length, 1)
  })

  it('begin again at 0 with each process, and skip no number', () => {
    ok(E.isRight(parseTraceLines(traceLine('a', 0, STEP) + traceLine('a', 0, STEP))))
    const lines = parseTraceLines(traceLine('a', 0, STEP) + traceLine('a', 2, STEP))
    ok(E.isLeft(lines))
    match(lines.left, /numbered 2 after 0/)
  })

  it('keep the order of the messages of a session, which may begin anew', () => {
    const about = (n: number, session: number, seq: string): string =>
      traceLine('a', n, { ...STEP, received: { connection: 3, session, seq } })
    ok(E.isRight(parseTraceLines(about(0, 0, '4') + about(1, 0, '9') + about(2, 1, '1'))))
    ok(E.isRight(parseTraceLines(about(0, 0, '9') + about(0, 0, '4'))), 'another process')
    for (const seq of ['4', '3']) {
      const lines = parseTraceLines(about(0, 0, '4') + about(1, 0, seq))
      ok(E.isLeft(lines))
      match(lines.left, new RegExp(`line 2: message ${seq} of connection 3.0 comes after 4`))
    }
  })

  it('are refused with the place when they have another shape', () => {
    const lines = parseTraceLines(`${JSON.stringify({ node: 'a', n: 0 })}\n${traceLine('a', 1, STEP)}`)
    ok(E.isLeft(lines))
    match(lines.left, /line 1: .*machine/)
  })
})
