import assert from 'node:assert/strict'
import { freshOsdmap } from './transcript.ts'

describe('an empty name in the CRUSH map', () => {
  // Whoever decodes a table of names takes an empty one for the upper half of a 64-bit key.
  for (const command of [
    { prefix: 'osd crush rule create-erasure' },
    { prefix: 'osd crush rule create-simple', root: 'default', type: 'host' },
    { prefix: 'osd crush rule create-replicated', root: 'default', type: 'host' },
    { prefix: 'osd crush class create', class: '' },
  ])
    it(`is refused by ${command.prefix}, and the map can still be changed`, () => {
      const harness = freshOsdmap()
      assert.equal(harness.command(command).code, -22)
      assert.equal(harness.command({ prefix: 'osd crush class create', class: 'fast' }).code, 0)
    })
})
