/** The model checker's own opinion of a real trace of Paxos. Needs Java and its jar; skips without them. */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { paxosAdapter } from '../../conformance/paxos.ts'
import { paxosOpinion, type PaxosOpinion } from '../../conformance/paxos-opinion.ts'
import { trimsOf } from '../../conformance/paxos-trims.ts'
import { readTrace, type TraceLine } from '../../conformance/trace-format.ts'
import { walk } from '../../conformance/walk.ts'
import { tla2toolsJar } from '../../spec/fetch-tla2tools.ts'
import { FULL, TracedQuorum } from './traced-quorum.ts'

const FOLDER = join(import.meta.dirname, '..', '..', 'traces', 'leader-and-peon-killed')
const NAMES = ['a', 'b', 'c']
const TLC_MS_MAX = 600_000
/** The first quorum of the trace and what it commits. */
const LINES = 120

const rankOf = new Map(NAMES.map((name, at) => [name, at]))

const ask = async (lines: readonly TraceLine[]): Promise<PaxosOpinion> => {
  const opinion = await paxosOpinion(lines, rankOf)
  ok(E.isRight(opinion), E.isLeft(opinion) ? opinion.left : '')
  return opinion.right
}

describe('the model checker, asked about a real trace', function () {
  this.timeout(TLC_MS_MAX)
  let taken: readonly TraceLine[] = []

  before(async function () {
    const jar = await tla2toolsJar()
    if (E.isLeft(jar)) {
      process.stderr.write(`${jar.left}\n`)
      this.skip()
    }
    const perNode: (readonly TraceLine[])[] = []
    for (const name of NAMES) {
      const lines = await readTrace(join(FOLDER, `${name}.trace.ndjson`))
      ok(E.isRight(lines), E.isLeft(lines) ? lines.left : '')
      perNode.push(lines.right)
    }
    taken = walk(paxosAdapter(rankOf), perNode).taken.slice(0, LINES)
  })

  it('takes every line', async () => {
    const { takenCount, lineCount, beyond, refused } = await ask(taken)
    ok(lineCount > 40)
    equal(takenCount, lineCount)
    deepEqual([beyond, refused], [[], []])
  })

  it('refuses a line that was changed, and says which', async () => {
    const at = taken.findLastIndex(({ action }) => action === 'HandleAccept')
    const changed = taken.map((line, index) =>
      index === at
        ? { ...line, after: { ...line.after, acceptedBy: [0, 1, 2], mode: 'leader.active' } }
        : line,
    )
    const { takenCount, lineCount, refused } = await ask(changed)
    ok(takenCount < lineCount)
    ok(refused[0]?.startsWith(`${taken[at]?.node ?? ''}#${taken[at]?.n ?? ''} HandleAccept`), refused[0])
  })

  it('refuses a trace from which a line is missing', async () => {
    const at = taken.findIndex(({ action }) => action === 'BeginWritten')
    const { takenCount, lineCount } = await ask(taken.filter((_, index) => index !== at))
    ok(takenCount < lineCount)
  })

  it('takes every line when versions are trimmed and a monitor dies while it copies a store', async () => {
    const traced = new TracedQuorum(1, FULL)
    traced.dieCopying(1)
    equal(traced.deaths, 1)
    const perNode = traced.lines()
    const { taken: copied } = walk(paxosAdapter(rankOf, trimsOf(perNode)), perNode)
    for (const action of ['StoreDropped', 'StoreReplaced']) ok(copied.some((line) => line.action === action))
    const { takenCount, lineCount, beyond, refused } = await ask(copied)
    equal(takenCount, lineCount, refused.join('\n'))
    deepEqual(beyond, [])
    const forgetful = copied.map((line) =>
      line.action === 'StoreDropped' ? { ...line, after: { ...line.after, acceptedPn: '0' } } : line,
    )
    match((await ask(forgetful)).refused.join(), / StoreDropped /)
  })
})
