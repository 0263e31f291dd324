import assert from 'node:assert/strict'
import { playTranscript } from './transcript.ts'

describe('commands of the osdmap service, as a real monitor answers them', () => {
  const transcripts = [
    ['fresh', 'questions about a new cluster'],
    ['pool', 'pools, their variables, quotas, applications and snapshots'],
    ['pool-create', 'ways to create and remove pools'],
    ['pool-set', 'limits and spellings of pool variables'],
    ['crush', 'the CRUSH map: buckets, rules, classes and weights, and its bytes after each change'],
    ['osd', 'OSDs that are made, marked, weighed and removed, and temporary mappings'],
    ['setting', 'flags, ratios, releases and the blocklist'],
  ] as const
  for (const [name, what] of transcripts)
    it(`answers ${what} byte for byte`, () => {
      assert.deepEqual(playTranscript(name), [])
    })
})
