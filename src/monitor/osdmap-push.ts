/** Osdmaps that a daemon is sent as the answer to its message, outside its subscription. */
import { SERVICES } from '../service/registry.ts'
import type { Turn } from './turn.ts'
import { worldOf } from './world.ts'

/** Incrementals from `since` on to a session of ours. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::send_incremental. */
export const sendOsdmaps = (turn: Turn, connection: number, since: number): void => {
  const session = turn.state.sessions.get(connection)
  if (session === undefined) return
  const subscription = { what: 'osdmap', start: BigInt(since), onetime: true }
  const answer = SERVICES.osdmap.subscribe?.(worldOf(turn), session, subscription)
  for (const message of answer?.messages ?? []) turn.send(connection, message)
}
