/** The end of a proposal on the leader: clients hear of it, and the next one can be prepared. */
import { createPendings } from './proposal.ts'
import { runServiceEffects } from './service-effect.ts'
import type { Turn } from './turn.ts'

/** The proposal is committed and every service has read it. */
export const proposalCommitted = (turn: Turn): void => {
  const { proposal } = turn.state
  turn.update({ proposal: undefined, lastCommitMs: turn.now })
  createPendings(turn)
  if (proposal !== undefined) runServiceEffects(turn, proposal.afterCommit)
}
