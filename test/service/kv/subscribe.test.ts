import assert from 'node:assert/strict'
import { SmallWorld } from '../small-world.ts'

const FSID = '01234567-89ab-cdef-0123-456789abcdef'

const set = (world: SmallWorld, key: string, val: string): void =>
  void world.command({ prefix: 'config-key set', key, val })

const rm = (world: SmallWorld, key: string): void => void world.command({ prefix: 'config-key rm', key })

const data = (world: SmallWorld, what: string, start: bigint): unknown => {
  const answer = world.subscribe('kv', { what, start, onetime: false })
  if (answer === undefined) return undefined
  const [message] = answer.messages
  assert.ok(message?._tag === 'MKVData')
  const entries = [...message.data].map(([key, value]) => `${key}=${value?.toString() ?? '-'}`)
  return [answer.next, message.version, message.prefix, message.incremental, entries]
}

describe('kv: subscriptions', () => {
  const world = new SmallWorld(FSID)
  before(() => {
    set(world, 'mgr/a', '1')
    set(world, 'mgrx', '2')
    set(world, 'other', '3')
    rm(world, 'mgr/a')
    set(world, 'mgr/b', '4')
  })

  it('begin with everything under the prefix', () => {
    assert.deepEqual(data(world, 'kv:mgr', 0n), [7n, 6n, 'mgr', false, ['mgr/b=4', 'mgrx=2']])
  })

  it('go on with what each version changed there', () => {
    assert.deepEqual(data(world, 'kv:mgr/', 2n), [7n, 6n, 'mgr/', true, ['mgr/a=-', 'mgr/b=4']])
    assert.deepEqual(data(world, 'kv:nothing', 5n), [7n, 6n, 'nothing', true, []])
  })

  it('say nothing while there is nothing new', () => {
    assert.equal(data(world, 'kv:mgr', 7n), undefined)
  })

  it('begin anew when the version is the first that is kept', () => {
    assert.deepEqual(data(world, 'kv:other', 1n), [7n, 6n, 'other', false, ['other=3']])
  })
})
