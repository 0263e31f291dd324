import * as E from 'fp-ts/lib/Either.js'
import assert from 'node:assert/strict'
import { formatJson } from '../../src/base/json.ts'
import { Options } from '../../src/config/options.ts'

const base = Options.of({ cluster: 'ceph', type: 'mon', id: 'a', host: 'node1', pid: 42, home: '/home/x' })

const set = (
  options: Options,
  level: Parameters<Options['with']>[0],
  name: string,
  text: string,
): Options => {
  const next = options.with(level, name, text)
  assert.ok(E.isRight(next), JSON.stringify(next))
  return next.right
}

describe('options', () => {
  it('have the defaults of a daemon', () => {
    assert.equal(base.float('mon_lease'), 5)
    assert.equal(base.ms('mon_lease'), 5000)
    assert.equal(base.int('paxos_min'), 500)
    assert.equal(base.bool('log_to_stderr'), false)
    assert.equal(base.string('mon_data'), '/var/lib/ceph/mon/ceph-a')
    assert.equal(base.string('admin_socket'), '/var/run/ceph/ceph-mon.a.asok')
    assert.equal(base.string('debug_mon'), '1/5')
  })

  it('count milliseconds as what they are, and seconds as a thousand', () => {
    assert.equal(set(base, 'file', 'mgr_tick_period', '3s').ms('mgr_tick_period'), 3000)
    assert.equal(base.text('mon_osd_full_ratio'), '0.950000')
  })

  it('give the highest level that is set', () => {
    const levels = ['mon', 'file', 'env', 'cmdline', 'override'] as const
    let options = base
    for (const [i, level] of levels.entries()) {
      options = set(options, level, 'mon_lease', String(10 + i))
      assert.equal(options.float('mon_lease'), 10 + i)
      assert.equal(options.levelOf('mon_lease'), level)
    }
    assert.equal(options.without('override', 'mon_lease').float('mon_lease'), 13)
    assert.equal(set(options, 'mon', 'mon_lease', '99').float('mon_lease'), 14)
  })

  it('do not change: a change is another value', () => {
    set(base, 'file', 'mon_lease', '7')
    assert.equal(base.float('mon_lease'), 5)
  })

  it('assert on a name that is no option', () => {
    assert.throws(() => base.int('mon_leese'))
  })

  it('report what cannot be set and set the rest', () => {
    const { options, errors } = base.withAll('file', [
      ['mon_lease', 'abc'],
      ['nonsense', '1'],
      ['paxos_min', '7'],
    ])
    assert.deepEqual(
      errors.map((error) => [error._tag, error.name]),
      [
        ['InvalidValue', 'mon_lease'],
        ['UnknownOption', 'nonsense'],
      ],
    )
    assert.equal(options.int('paxos_min'), 7)
    assert.equal(options.float('mon_lease'), 5)
  })

  describe('variables', () => {
    const expanded = (text: string): string => set(base, 'file', 'host', text).string('host')
    const cases: readonly [string, string][] = [
      ['$cluster-$type-$id-$num-$name', 'ceph-mon-a-a-mon.a'],
      ['${cluster}x$clusterx', 'cephx$clusterx'],
      ['$pid', '42'],
      ['$run_dir/x', '/var/run/ceph/x'],
      ['${run_dir}x', '/var/run/cephx'],
      ['$data_dir', '/var/lib/ceph/mon/ceph-a'],
      ['lost $home/kept', '/home/x/kept'],
      ['$ $ $1 $unknown ${unknown}', '$ $ $1 $unknown ${unknown}'],
      ['$mon_lease', '5.000000'],
    ]
    for (const [text, value] of cases)
      it(`${text} is ${value}`, () => {
        assert.equal(expanded(text), value)
      })

    it('that lead in a circle are left standing', () => {
      const options = set(set(base, 'file', 'run_dir', '$log_file/a'), 'file', 'log_file', '$run_dir/b')
      assert.equal(options.string('run_dir'), '$run_dir/b/a')
    })
  })

  it('of the config database replace what it said before, but not what only the start may set', () => {
    const first = base.withMonValues(
      new Map([
        ['mon_lease', '6'],
        ['paxos_min', '9'],
        ['mon_data', '/x'],
      ]),
    ).options
    assert.equal(first.float('mon_lease'), 6)
    assert.equal(first.string('mon_data'), '/var/lib/ceph/mon/ceph-a')
    const second = first.withMonValues(new Map([['paxos_min', '8']])).options
    assert.equal(second.float('mon_lease'), 5)
    assert.equal(second.int('paxos_min'), 8)
  })

  it('that are read at the start cannot be changed later, unless to what they are', () => {
    assert.deepEqual(
      base.withRuntimeChange('mon_data', '/x'),
      E.left({ _tag: 'NotAtRuntime', name: 'mon_data' }),
    )
    assert.ok(E.isRight(base.withRuntimeChange('mon_data', '/var/lib/ceph/mon/$cluster-$id')))
    assert.ok(E.isRight(base.withOverrides(new Map([['mon_lease', '8']]))))
  })

  // As `ceph daemon mon.a config diff` of 16.2.15 prints it.
  it('show their levels as config diff does', () => {
    const options = set(set(base, 'file', 'admin_socket', '/r/$name.asok'), 'override', 'mon_lease', '6')
    assert.equal(
      formatJson(options.diff()),
      '{"diff":{"admin_socket":{"default":"$run_dir/$cluster-$name.asok","file":"/r/$name.asok","final":"/r/mon.a.asok"},' +
        '"mon_lease":{"default":5,"override":6,"final":6}}}',
    )
  })

  it('show all values as config show does', () => {
    const text = formatJson(base.show())
    assert.ok(
      text.startsWith('{"name":"mon.a","cluster":"ceph","admin_socket":"/var/run/ceph/ceph-mon.a.asok",'),
    )
    assert.ok(text.includes('"mon_lease":"5.000000"'))
  })
})
