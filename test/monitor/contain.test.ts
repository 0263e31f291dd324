import assert from 'node:assert/strict'
import { encodeMessage } from '../../src/message/message.ts'
import type { CommandHandler } from '../../src/service/contract.ts'
import { SERVICES } from '../../src/service/registry.ts'
import { LoneMonitor } from '../fuzz/lone-monitor.ts'
import { FSID } from '../service/world.ts'
import { adminPeer } from './simulated-peer.ts'

const PREFIX = 'config-key set'

/** A service with a mistake in it, while `run` runs. */
const withMistake = (where: 'update' | 'encode', run: () => void): void => {
  const { kv } = SERVICES
  const commands = kv.commands as Map<string, CommandHandler>
  const handler = commands.get(PREFIX)
  const { encodePending } = kv
  assert.ok(handler !== undefined)
  const mistake = (): never => {
    throw new RangeError('a mistake of ours')
  }
  if (where === 'update') commands.set(PREFIX, { update: mistake })
  else Object.assign(kv, { encodePending: mistake })
  try {
    run()
  } finally {
    commands.set(PREFIX, handler)
    Object.assign(kv, { encodePending })
  }
}

describe('a request whose handler has a mistake', () => {
  for (const where of ['update', 'encode'] as const)
    it(`in its ${where} is answered EIO, and neither changes anything nor ends the monitor`, () => {
      const monitor = new LoneMonitor()
      const connection = monitor.connect(adminPeer(1))
      const set = (key: string): readonly number[] => {
        monitor.forgetSent()
        const cmd = [JSON.stringify({ prefix: PREFIX, key, val: 'v' })]
        const command = { _tag: 'MMonCommand' as const, version: 0n, fsid: FSID, cmd, data: Buffer.alloc(0) }
        monitor.receive(connection, encodeMessage(command, { tid: 1n }))
        return monitor.sent.flatMap(({ message }) =>
          message._tag === 'MMonCommandAck' ? [message.result] : [],
        )
      }
      const { lastCommitted } = monitor.state.services.kv
      withMistake(where, () => assert.deepEqual(set('first'), [-5]))
      assert.match(
        monitor.errors.join('\n'),
        /met a mistake:\nRangeError: a mistake of ours\n.*contain\.test/s,
      )
      assert.equal(monitor.state.services.kv.lastCommitted, lastCommitted)
      assert.deepEqual(set('second'), [0])
      assert.equal(monitor.state.services.kv.lastCommitted, lastCommitted + 1n)
      assert.equal(monitor.state.store.has('mon_config_key', 'first'), false)
    })
})
