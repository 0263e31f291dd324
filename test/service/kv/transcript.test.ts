import assert from 'node:assert/strict'
import { SmallWorld } from '../small-world.ts'
import { answerText, comparable, transcript } from '../transcript.ts'

describe('config-key, as ceph-mon 16.2.15 answers it', () => {
  const { fsid, steps } = transcript('kv')
  const world = new SmallWorld(fsid)
  // XML is not offered.
  for (const step of steps.filter(({ cmd }) => cmd['format'] !== 'xml'))
    it(JSON.stringify(step.cmd), () => {
      const reply = world.command(step.cmd, Buffer.from(step.input ?? ''))
      assert.deepEqual(comparable(answerText(reply)), comparable(step))
    })
})
