import assert from 'node:assert/strict'
import { Options } from '../../src/config/options.ts'
import { CONFIG_COMMANDS } from '../../src/monitor/config-command.ts'
import type { MonitorState } from '../../src/monitor/state.ts'
import { Turn } from '../../src/monitor/turn.ts'

// These commands look at the options and at nothing else of the monitor.
const newTurn = (): Turn =>
  new Turn(
    {
      config: {
        options: Options.of({ type: 'mon', id: 'a', cluster: 'ceph', host: 'h', pid: 1, home: '/' }),
      },
    } as unknown as MonitorState,
    { now: 0, entropy: Buffer.alloc(32) },
  )

const ask = (
  turn: Turn,
  prefix: string,
  args: Readonly<Record<string, unknown>> = {},
): readonly [code: number, text: string, data: string] => {
  const run = CONFIG_COMMANDS.get(prefix)
  assert.ok(run !== undefined)
  const command = {
    prefix,
    args: new Map(Object.entries(args)),
    format: 'json' as const,
    input: Buffer.alloc(0),
    text: '',
  }
  const { code, text, data } = run(turn, command)
  return [code, text, data.toString()]
}

// All answers are those of ceph-mon 16.2.15.
describe('config set on one monitor', () => {
  it('changes an option until the next start, and says so', () => {
    const turn = newTurn()
    assert.deepEqual(ask(turn, 'config set', { var: 'mon_lease', val: ['7'] }), [
      0,
      '',
      `{"success":"mon_lease = '7.000000' "}`,
    ])
    assert.deepEqual(ask(turn, 'config get', { var: 'mon_lease' }), [0, '', '{"mon_lease":"7.000000"}'])
    assert.deepEqual(ask(turn, 'config unset', { var: 'mon_lease' }), [0, "mon_lease = '5.000000' ", '{}'])
    assert.deepEqual(ask(turn, 'config unset', { var: 'mon_lease' }), [0, '', '{}'])
    assert.deepEqual(ask(turn, 'config get', { var: 'mon_lease' }), [0, '', '{"mon_lease":"5.000000"}'])
  })

  it('does not tell debug levels, nor values that were given before', () => {
    const turn = newTurn()
    assert.deepEqual(ask(turn, 'config set', { var: 'debug_mon', val: ['5'] }), [0, '', '{"success":""}'])
    assert.deepEqual(ask(turn, 'config set', { var: 'mon_lease', val: ['5'] }), [
      0,
      '',
      `{"success":"mon_lease = '5.000000' "}`,
    ])
    assert.deepEqual(ask(turn, 'config set', { var: 'mon_lease', val: ['5'] }), [0, '', '{"success":""}'])
  })

  it('is refused for what is no option, no value, or not to be changed', () => {
    const turn = newTurn()
    assert.deepEqual(ask(turn, 'config set', { var: 'nope', val: ['x'] }), [
      -2,
      "error setting 'nope' to 'x': (2) No such file or directory",
      '',
    ])
    assert.deepEqual(ask(turn, 'config set', { var: 'mon_lease', val: ['x'] }), [
      -22,
      "error setting 'mon_lease' to 'x': (22) Invalid argument",
      '',
    ])
    assert.deepEqual(ask(turn, 'config set', { var: 'mon_data', val: ['/x'] }), [
      -1,
      "error setting 'mon_data' to '/x': (1) Operation not permitted",
      '',
    ])
    assert.deepEqual(ask(turn, 'config unset', { var: 'nope' }), [
      -22,
      "error unsetting 'nope': (22) Invalid argument",
      '',
    ])
  })
})

describe('injectargs', () => {
  const inject = (turn: Turn, ...texts: readonly string[]): readonly [number, string, string] => {
    const [code, text, data] = ask(turn, 'injectargs', { injected_args: texts })
    return [code, text, data]
  }

  it('takes several options in one text or in several, with or without an equals sign', () => {
    const turn = newTurn()
    assert.deepEqual(inject(turn, '--mon_lease=8 --mon-allow-pool-delete', '--mon_tick_interval 6'), [
      0,
      "mon_allow_pool_delete = 'true' mon_lease = '8.000000' " +
        "mon_tick_interval = '6' (not observed, change may require restart) ",
      '{}',
    ])
    assert.equal(turn.state.config.options.bool('mon_allow_pool_delete'), true)
  })

  it('changes nothing when a part is wrong', () => {
    const turn = newTurn()
    const before = turn.state.config.options
    assert.deepEqual(inject(turn, '--mon_lease 7 --nope 3'), [
      -22,
      ' failed to parse arguments: --nope,3\n',
      '',
    ])
    assert.deepEqual(inject(turn, '--mon_lease'), [
      -22,
      "Parse error setting mon_lease to '' using injectargs (Option --mon_lease requires an argument.\n).\n",
      '',
    ])
    assert.deepEqual(inject(turn, '--mon_lease', 'x'), [
      -22,
      "Parse error setting mon_lease to 'x' using injectargs (strict_strtod: expected double, got: 'x').\n",
      '',
    ])
    assert.deepEqual(inject(turn, '--mon_data /x'), [
      -1,
      "Parse error setting mon_data to '/x' using injectargs " +
        "(Configuration option 'mon_data' may not be modified at runtime).\n",
      '',
    ])
    assert.equal(turn.state.config.options, before)
  })
})
