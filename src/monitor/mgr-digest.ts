/**
 * What the active manager is told every few seconds: the monitors' status and the cluster's health, as JSON.
 *
 * Source: ceph src/mon/MgrMonitor.cc send_digests; option mon_mgr_digest_period.
 */
import { formatJson } from '../base/json.ts'
import { withEntry } from '../base/ordered.ts'
import { wireBytes } from '../base/text.ts'
import { healthJson } from '../service/health/status.ts'
import { healthOf } from '../service/health/gather.ts'
import { monStatusJson } from './status/mon-status.ts'
import type { Turn } from './turn.ts'
import { worldOf } from './world.ts'

const SUBSCRIPTION = 'mgrdigest'

/** Sends the digest to whoever subscribed, and comes back while somebody is. */
export const mgrDigestTimer = (turn: Turn): void => {
  const { state } = turn
  const subscribers = [...state.sessions].filter(([, session]) => session.subscriptions.has(SUBSCRIPTION))
  if (subscribers.length === 0) return
  const monStatus = wireBytes(formatJson(monStatusJson(state, turn.now), false))
  const health = wireBytes(formatJson(healthJson(healthOf(worldOf(turn)), true), false))
  for (const [connection, session] of subscribers) {
    turn.send(connection, { _tag: 'MMgrDigest', monStatusJson: monStatus, healthJson: health })
    const subscription = session.subscriptions.get(SUBSCRIPTION)
    if (subscription?.onetime !== true) continue
    const subscriptions = new Map(session.subscriptions)
    subscriptions.delete(SUBSCRIPTION)
    turn.update({ sessions: withEntry(turn.state.sessions, connection, { ...session, subscriptions }) })
  }
  turn.emit({ _tag: 'StartTimer', timer: 'mgrDigest', ms: state.config.options.ms('mon_mgr_digest_period') })
}
