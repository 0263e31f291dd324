import { deepEqual, equal, match, ok } from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
import { readManifest } from '../../spec/manifest.ts'
import { judge } from '../../spec/run.ts'
import { overrideConfig } from '../../spec/tlc.ts'
import { parseTlcOutput } from '../../spec/tlc-output.ts'

const message = (code: number, severity: number, text: string): string =>
  `@!@!@STARTMSG ${code}:${severity} @!@!@\n${text}\n@!@!@ENDMSG ${code} @!@!@\n`

// The wording is TLC 2.18's.
const STATISTICS = message(2199, 0, '9 states generated, 5 distinct states found, 0 states left on queue.')
const DEPTH = message(2194, 0, 'The depth of the complete state graph search is 3.')
const COVERAGE = [
  message(2201, 0, 'The coverage statistics at 2026-11-23 00:48:32'),
  message(2772, 0, '<Inc line 6, col 1 to line 6, col 6 of module T>: 4:6'),
  message(2772, 0, '<Reset line 7, col 1 to line 7, col 5 of module T>: 0:0'),
].join('')
const SUCCESS = message(2193, 0, 'Model checking completed. No error has been found.')
const VIOLATION = [
  message(2110, 1, 'Invariant Small is violated.'),
  message(2217, 4, '1: <Initial predicate>\nx = 0\n'),
  message(2217, 4, '2: <Inc line 6, col 11 to line 6, col 46 of module T>\nx = 3\n'),
].join('')

const run = (output: string) => ({ ...parseTlcOutput(output), elapsedMs: 1 })

describe('the output of TLC', () => {
  it('gives the counts of a run without an error', () => {
    const { verdict, generatedCount, distinctCount, depth, firedCount } = parseTlcOutput(
      SUCCESS + COVERAGE + STATISTICS + DEPTH,
    )
    deepEqual([verdict._tag, generatedCount, distinctCount, depth], ['Ok', 9, 5, 3])
    deepEqual(
      [...firedCount],
      [
        ['Inc', 6],
        ['Reset', 0],
      ],
    )
  })

  it('gives the property and the behaviour that violates it', () => {
    const { verdict } = parseTlcOutput(VIOLATION + STATISTICS)
    ok(verdict._tag === 'Violated')
    equal(verdict.property, 'Small')
    deepEqual(verdict.trace, [
      { action: 'Initial', state: 'x = 0' },
      { action: 'Inc', state: 'x = 3' },
    ])
  })

  it('is a failure when there is neither, with what was printed', () => {
    const { verdict } = parseTlcOutput(`*** Errors: 1\n${message(3002, 1, 'Parsing failed.')}`)
    ok(verdict._tag === 'Failed')
    match(verdict.message, /Parsing failed\.[^]*Errors: 1/)
  })
})

describe('a judgement by the manifest', () => {
  const model = { name: 'T', module: 'T.tla', config: 'T.cfg', tier: 'check', expect: 'ok' } as const

  it('fails when the number of states has changed', () => {
    const good = run(SUCCESS + COVERAGE + STATISTICS)
    deepEqual(judge({ ...model, distinct: 5 }, good), [])
    deepEqual(judge({ ...model, distinct: 6 }, good), ['5 distinct states, expected 6'])
  })

  it('fails when an action never fires', () => {
    deepEqual(judge({ ...model, actions: ['Inc', 'Reset'] }, run(SUCCESS + COVERAGE + STATISTICS)), [
      'action Reset never fires',
    ])
  })

  it('fails when what must be violated holds, or another property fails', () => {
    const mutant = { ...model, expect: { violates: 'Big' } }
    equal(judge(mutant, run(SUCCESS)).length, 1)
    equal(judge(mutant, run(VIOLATION)).length, 1)
    deepEqual(judge({ ...model, expect: { violates: 'Small' } }, run(VIOLATION)), [])
  })
})

describe('a configuration', () => {
  const CONFIG =
    'CONSTANTS\n  Max = 3\n  Bug = "none"\nSPECIFICATION Spec\nINVARIANTS\n  A\n  B\nPROPERTIES\n  P\n'

  it('takes other constants and other invariants', () => {
    deepEqual(
      overrideConfig(CONFIG, { constants: { Bug: '"E2"' } }),
      E.right(CONFIG.replace('"none"', '"E2"')),
    )
    deepEqual(
      overrideConfig(CONFIG, { invariants: ['C'] }),
      E.right('CONSTANTS\n  Max = 3\n  Bug = "none"\nSPECIFICATION Spec\n\nINVARIANTS\n  C\n'),
    )
  })

  it('refuses a constant that it does not have', () => {
    ok(E.isLeft(overrideConfig(CONFIG, { constants: { Mutant: '1' } })))
  })
})

describe('the manifest', () => {
  it('has its shape, and no two models of one name', async () => {
    const models = await readManifest()
    ok(E.isRight(models), E.isLeft(models) ? models.left : '')
    const names = models.right.map(({ name }) => name)
    equal(new Set(names).size, names.length)
  })
})
