/** The end of a proposal on the leader: clients hear of it, and the next one can be prepared. */
import { logMaps } from './map-log.ts'
import { createPendings } from './proposal.ts'
import { runServiceEffects } from './service-effect.ts'
import type { Turn } from './turn.ts'

/**
 * The proposal is committed and every service has read it. The end of a recovery looks the same to Paxos, but then
 * nothing of ours was proposed, and pending values begin with becomeActive.
 */
export const proposalCommitted = (turn: Turn): void => {
  const { proposal } = turn.state
  if (proposal === undefined) return
  turn.update({ proposal: undefined, lastCommitMs: turn.now })
  createPendings(turn)
  runServiceEffects(turn, proposal.afterCommit)
  if (turn.state.areServicesActive) logMaps(turn, proposal.services)
}
