/** A new leader tells the cluster log which maps it starts from. */
import type { UpdateResult } from './contract.ts'

export const leaderLine = (text: string): UpdateResult => ({
  _tag: 'Answered',
  effects: [{ _tag: 'ClusterLog', channel: 'cluster', level: 'debug', text }],
})
