import * as E from 'fp-ts/lib/Either.js'
import assert from 'node:assert/strict'
import { parseCephArguments, type CephArguments } from '../../src/cli/ceph-arguments.ts'

const parsed = (line: string): CephArguments => {
  const args = parseCephArguments(line.split(' '))
  assert.ok(E.isRight(args), JSON.stringify(args))
  return args.right
}

describe('the arguments of monclave ceph', () => {
  it('are options anywhere, and the words of the command', () => {
    assert.deepEqual(parsed('-m 127.0.0.1:3300 osd pool ls -f json --connect-timeout=5'), {
      help: false,
      monHost: '127.0.0.1:3300',
      format: 'json',
      connectTimeoutS: 5,
      words: ['osd', 'pool', 'ls'],
    })
  })

  it('leave the options of the command itself', () => {
    assert.deepEqual(
      parsed('osd pool rm a a --yes-i-really-really-mean-it').words.at(-1),
      '--yes-i-really-really-mean-it',
    )
  })

  it('name a client', () => {
    assert.equal(parsed('-n client.x.y status').id, 'x.y')
    assert.ok(E.isLeft(parseCephArguments(['-n', 'mon.a'])))
  })

  it('know -s and -h', () => {
    assert.deepEqual(parsed('-s').words, ['status'])
    assert.ok(parsed('osd pool -h').help)
  })

  it('refuse what lacks its value, and values that mean nothing', () => {
    for (const line of ['status -f', 'status -f morse', 'status --connect-timeout soon'])
      assert.ok(E.isLeft(parseCephArguments(line.split(' '))), line)
  })
})
