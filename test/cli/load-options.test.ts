import * as E from 'fp-ts/lib/Either.js'
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { argumentsOf, loadOptions, type Environment, type LoadedOptions } from '../../src/cli/load-options.ts'
import { parseMonArguments } from '../../src/cli/mon-arguments.ts'

const folder = mkdtempSync(join(tmpdir(), 'load-options-'))
const confPath = join(folder, 'blue.conf')

const load = (argv: readonly string[], env: Environment = {}): E.Either<string, LoadedOptions> => {
  const args = parseMonArguments(argumentsOf(env, argv))
  assert.ok(E.isRight(args))
  return loadOptions(args.right, env)
}
const loaded = (argv: readonly string[], env: Environment = {}): LoadedOptions => {
  const result = load(argv, env)
  assert.ok(E.isRight(result), JSON.stringify(result))
  return result.right
}

describe('loading options', () => {
  before(() => {
    writeFileSync(
      confPath,
      '[global]\nmon lease = 6\n[mon.a]\npaxos min = 7\nmon max osd = x\nnonsense = 1\n',
    )
  })
  after(() => {
    rmSync(folder, { recursive: true })
  })

  it('puts file, CEPH_ARGS and command line in this order', () => {
    const { options } = loaded(['-i', 'a', '-c', confPath])
    assert.equal(options.float('mon_lease'), 6)
    assert.equal(options.int('paxos_min'), 7)
    const env = { CEPH_ARGS: '--mon-lease 8 --paxos-min 9' }
    const second = loaded(['-i', 'a', '-c', confPath, '--mon-lease=10'], env).options
    assert.equal(second.float('mon_lease'), 10)
    assert.equal(second.int('paxos_min'), 9)
  })

  it('takes the cluster’s name from the file’s, unless it is given', () => {
    assert.equal(loaded(['-i', 'a', '-c', confPath]).options.identity.cluster, 'blue')
    assert.equal(loaded(['-i', 'a', '-c', confPath, '--cluster', 'red']).options.identity.cluster, 'red')
    assert.equal(loaded(['-i', 'a', '-c', '/dev/null']).options.identity.cluster, 'ceph')
  })

  it('says which values cannot be set, and goes on without them', () => {
    const { options, warnings } = loaded(['-i', 'a', '-c', confPath, '--mon-lease', 'abc'])
    assert.deepEqual(warnings, [
      "parse error setting 'mon_max_osd' to 'x' (strict_si_cast: unit prefix not recognized)\n",
      "parse error setting 'mon_lease' to 'abc' (strict_strtod: expected double, got: 'abc')\n",
    ])
    assert.equal(options.float('mon_lease'), 6)
  })

  it('needs the file that is named, and only that', () => {
    assert.deepEqual(
      load(['-i', 'a', '-c', '/nonexistent']),
      E.left('global_init: unable to open config file from search list /nonexistent'),
    )
    assert.deepEqual(loaded(['-i', 'a', '--cluster', 'no-such-cluster']).warnings, [
      'did not load config file, using default settings.',
    ])
  })

  it('takes file and keyring from the environment', () => {
    const { options } = loaded(['-i', 'a'], { CEPH_CONF: confPath, CEPH_KEYRING: '/k' })
    assert.equal(options.float('mon_lease'), 6)
    assert.equal(options.string('keyring'), '/k')
  })

  it('reads no file when told so', () => {
    assert.deepEqual(loaded(['--no-config-file'], { CEPH_CONF: '/nonexistent' }).warnings, [])
  })

  it('stops at bad syntax', () => {
    const bad = join(folder, 'bad.conf')
    writeFileSync(bad, '[global\n')
    const result = load(['-i', 'a', '-c', bad])
    assert.ok(E.isLeft(result))
    assert.match(result.left, /^global_init: error reading config file\. parse error: expected/)
  })
})
