/** Traces of real processes that are kept in `traces/`. */
import { equal, ok } from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { electionAdapter, electionLines } from '../../conformance/election.ts'
import { paxosAdapter } from '../../conformance/paxos.ts'
import { trimsOf } from '../../conformance/paxos-trims.ts'
import { readTrace, type TraceLine } from '../../conformance/trace-format.ts'
import { walk } from '../../conformance/walk.ts'

const TRACES = join(import.meta.dirname, '..', '..', 'traces')
const SUFFIX = '.trace.ndjson'
const folders = readdirSync(TRACES, { withFileTypes: true }).filter((entry) => entry.isDirectory())

describe('recorded traces', function () {
  this.timeout(60_000)

  for (const { name: folder } of folders) {
    const names = readdirSync(join(TRACES, folder))
      .filter((file) => file.endsWith(SUFFIX))
      .map((file) => file.slice(0, -SUFFIX.length))
      .sort()
    const rankOf = new Map(names.map((name, at) => [name, at]))
    const perNode: (readonly TraceLine[])[] = []

    before(async () => {
      for (const name of names) {
        const lines = await readTrace(join(TRACES, folder, name + SUFFIX))
        ok(E.isRight(lines), E.isLeft(lines) ? lines.left : '')
        perNode.push(lines.right)
      }
    })

    it(`of ${folder} follow the election`, () => {
      const report = walk(
        electionAdapter(rankOf),
        perNode.map((lines) => electionLines(lines, rankOf)),
      )
      equal(report.verdict, 'conforms', report.explanation.join('\n'))
      ok(report.lineCount > 50)
    })

    it(`of ${folder} follow Paxos`, () => {
      const report = walk(paxosAdapter(rankOf, trimsOf(perNode)), perNode)
      equal(report.verdict, 'conforms', report.explanation.join('\n'))
      ok(report.lineCount > 200)
    })
  }
})
