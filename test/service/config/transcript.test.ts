import assert from 'node:assert/strict'
import { SmallWorld } from '../small-world.ts'
import { answerText, comparable, transcript } from '../transcript.ts'

describe('config, as ceph-mon 16.2.15 answers it', () => {
  const { fsid, steps } = transcript('config')
  const world = new SmallWorld(fsid)
  for (const step of steps)
    it(JSON.stringify(step.cmd), () => {
      world.now += 1
      const reply = world.command(step.cmd, Buffer.from(step.input ?? ''))
      assert.deepEqual(comparable(answerText(reply)), comparable(step))
    })
})
