import assert from 'node:assert/strict'
import { SmallWorld } from '../small-world.ts'
import { answerText, comparable, transcript } from '../transcript.ts'

describe('log, as ceph-mon 16.2.15 answers it', () => {
  const { fsid, steps } = transcript('log')
  const world = new SmallWorld(fsid)
  // XML is not offered.
  for (const step of steps.filter(({ cmd }) => cmd['format'] !== 'xml'))
    it(JSON.stringify(step.cmd), () => {
      world.now += 1
      assert.deepEqual(comparable(answerText(world.command(step.cmd))), comparable(step))
    })
})
