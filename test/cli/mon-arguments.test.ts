import * as E from 'fp-ts/lib/Either.js'
import assert from 'node:assert/strict'
import { parseMonArguments, type MonArguments } from '../../src/cli/mon-arguments.ts'

const parsed = (...argv: readonly string[]): MonArguments => {
  const args = parseMonArguments(argv)
  assert.ok(E.isRight(args), JSON.stringify(args))
  return args.right
}

describe('the arguments of ceph-mon', () => {
  it('name the monitor, its configuration and what to do', () => {
    const args = parsed('-i', 'a', '--conf=/x/ceph.conf', '--mkfs', '--extract-monmap', 'm', '--compact')
    assert.equal(args.id, 'a')
    assert.equal(args.conf, '/x/ceph.conf')
    assert.equal(args.mkfs, true)
    assert.equal(args.compact, true)
    assert.equal(args.extractMonmap, 'm')
    assert.deepEqual(args.rest, [])
  })

  it('take a name with its type', () => {
    assert.equal(parsed('-n', 'mon.a.b').id, 'a.b')
    assert.ok(E.isLeft(parseMonArguments(['-n', 'osd.1'])))
    assert.ok(E.isLeft(parseMonArguments(['-n', 'a'])))
  })

  it('set any option, with dashes or underscores, with = or a blank', () => {
    const args = parsed('--mon-lease=7', '--mon_data', '/x', '--paxos-min', '5', '--log-file=')
    assert.deepEqual(args.settings, [
      ['mon_lease', '7'],
      ['mon_data', '/x'],
      ['paxos_min', '5'],
      ['log_file', ''],
    ])
  })

  it('set a yes or no without a value, and never take the next word for it', () => {
    const args = parsed('--mon-allow-pool-delete', '--no-log-to-file', '--err-to-stderr=false', 'true')
    assert.deepEqual(args.settings, [
      ['mon_allow_pool_delete', 'true'],
      ['log_to_file', 'false'],
      ['err_to_stderr', 'false'],
    ])
    assert.deepEqual(args.rest, ['true'])
  })

  it('know the short names', () => {
    const args = parsed('-f', '-M', 'map', '-m', '1.2.3.4', '-k', 'ring', '--bind', '5.6.7.8')
    assert.deepEqual(args.settings, [
      ['daemonize', 'false'],
      ['monmap', 'map'],
      ['mon_host', '1.2.3.4'],
      ['keyring', 'ring'],
      ['public_addr', '5.6.7.8'],
    ])
    assert.ok(parsed('-d').settings.some(([name, text]) => name === 'log_to_stderr' && text === 'true'))
  })

  it('leave what nobody knows, and everything after --', () => {
    assert.deepEqual(parsed('--bogus', 'word', '-i', 'a', '--', '-f').rest, ['--bogus', 'word', '-f'])
  })

  it('say which argument lacks its value', () => {
    assert.deepEqual(parseMonArguments(['-i']), E.left('Option -i requires an argument.'))
    assert.deepEqual(parsed('--mon-lease').problems, [
      "parse error setting 'mon_lease' to '' (Option --mon-lease requires an argument.\n)\n",
    ])
  })
})
