import * as E from 'fp-ts/lib/Either.js'
import assert from 'node:assert/strict'
import { commandOfWords } from '../../src/cli/command-words.ts'
import { COMMAND_TABLE } from '../../src/service/command-table.ts'

const commands = COMMAND_TABLE.map(({ command }) => command)
const parsed = (line: string): unknown => {
  const command = commandOfWords(commands, line.split(' '))
  return E.isRight(command) ? command.right : command.left
}

describe('typed words', () => {
  const cases: readonly [string, unknown][] = [
    ['status', { prefix: 'status' }],
    ['mon stat', { prefix: 'mon stat' }],
    ['osd pool create rbd 8', { prefix: 'osd pool create', pool: 'rbd', pg_num: 8 }],
    ['config-key set k v', { prefix: 'config-key set', key: 'k', val: 'v' }],
    ['osd out 1 2 3', { prefix: 'osd out', ids: ['1', '2', '3'] }],
    [
      'osd pool delete p p --yes-i-really-really-mean-it',
      { prefix: 'osd pool delete', pool: 'p', pool2: 'p', yes_i_really_really_mean_it: true },
    ],
    ['osd set noout', { prefix: 'osd set', key: 'noout' }],
    ['fs ls', { prefix: 'fs ls' }],
    ['no such thing', 'no command begins with: no such thing'],
    ['config-key get', 'missing required parameter key'],
    ['status now', 'unused: now'],
  ]
  for (const [line, expected] of cases)
    it(`${line} is ${JSON.stringify(expected)}`, () => {
      assert.deepEqual(parsed(line), expected)
    })
})
