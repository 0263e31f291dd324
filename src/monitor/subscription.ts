/**
 * Subscriptions: a session says from which version on it wants a map, gets it when there is one, and the next
 * versions as they are committed. One-time subscriptions end with their first answer.
 *
 * Limits: SUBSCRIPTIONS_MAX names a session, NAME_CHARS_MAX a name.
 * Source: ceph src/mon/Monitor.cc Monitor::handle_subscribe; check_sub of each service.
 */
import { isCapable } from '../auth/mon-cap.ts'
import { withEntry } from '../base/ordered.ts'
import type { MMonSubscribe } from '../message/mon-subscribe.ts'
import { SERVICE_ORDER, type ServiceName } from '../service/contract.ts'
import { SERVICES } from '../service/registry.ts'
import type { SessionState } from './state.ts'
import type { Turn } from './turn.ts'
import { worldOf } from './world.ts'

export const SUBSCRIPTIONS_MAX = 64
/** Of a subscription's name, and of what a client says its host is called. */
export const NAME_CHARS_MAX = 1024

/** The service that serves a subscription, undefined for a name that none knows. */
const serviceOf = (what: string): ServiceName | undefined =>
  SERVICE_ORDER.find((name) =>
    SERVICES[name].subscriptions?.some((s) => s === what || (/[:.]$/.test(s) && what.startsWith(s))),
  )

const NEEDS: readonly (readonly [pattern: RegExp, service: string, write: boolean])[] = [
  [/^mdsmap|^fsmap/, 'mds', false],
  [/^osdmap$/, 'osd', false],
  [/^osd_pg_creates$/, 'osd', true],
]

/** Everybody may have the monmap and the own configuration; for the rest the capability decides. */
const maySubscribe = (session: SessionState, what: string): boolean => {
  if (what === 'monmap' || what === 'config') return true
  const can = (service: string, write: boolean): boolean =>
    isCapable(session.identity.caps, {
      service,
      opR: !write,
      opW: write,
      entity: session.identity.entityName,
      address: session.socketAddr,
    })
  const need = NEEDS.find(([pattern]) => pattern.test(what))
  return can('mon', false) && (need === undefined || can(need[1], need[2]))
}

const LOG_SUBSCRIPTION = /^log-/

export const handleSubscribe = (turn: Turn, connection: number, m: MMonSubscribe): void => {
  const session = turn.state.sessions.get(connection)
  if (session === undefined) return
  const subscriptions = new Map(session.subscriptions)
  const wanted = [...m.what].filter(([what]) => what.length <= NAME_CHARS_MAX && maySubscribe(session, what))
  for (const [what, item] of wanted) {
    // A session follows one level of the cluster log at a time.
    if (LOG_SUBSCRIPTION.test(what))
      for (const other of subscriptions.keys()) if (LOG_SUBSCRIPTION.test(other)) subscriptions.delete(other)
    if (subscriptions.size < SUBSCRIPTIONS_MAX) subscriptions.set(what, item)
  }
  const osdmapStart = m.what.get('osdmap')?.start
  const resent = osdmapStart !== undefined && BigInt(session.osdmapSent) > osdmapStart
  const updated: SessionState = {
    ...session,
    subscriptions,
    hostname: m.hostname === '' ? session.hostname : m.hostname.slice(0, NAME_CHARS_MAX),
    osdmapSent: resent ? 0 : session.osdmapSent,
  }
  turn.update({ sessions: withEntry(turn.state.sessions, connection, updated) })
  for (const [what] of wanted) checkSubscription(turn, connection, what)
}

/** Sends what a subscription is owed, if anything. */
const checkSubscription = (turn: Turn, connection: number, what: string): void => {
  const session = turn.state.sessions.get(connection)
  const subscription = session?.subscriptions.get(what)
  const name = serviceOf(what)
  if (session === undefined || subscription === undefined || name === undefined) return
  const answer = SERVICES[name].subscribe?.(worldOf(turn), session, { what, ...subscription })
  if (answer === undefined) return
  const subscriptions = new Map(session.subscriptions)
  if (subscription.onetime) subscriptions.delete(what)
  else subscriptions.set(what, { ...subscription, start: answer.next })
  turn.update({ sessions: withEntry(turn.state.sessions, connection, { ...session, subscriptions }) })
  turn.log(10, `check_sub ${what}: ${answer.messages.length} messages to session ${connection}`)
  for (const message of answer.messages) turn.send(connection, message)
}

/** After a commit: everybody who waits for a newer version of these services. */
export const pushSubscriptions = (turn: Turn, changed: ReadonlySet<ServiceName>): void => {
  turn.log(10, `check_subs ${[...changed].join(',')} for ${turn.state.sessions.size} sessions`)
  for (const [connection, session] of turn.state.sessions)
    for (const what of session.subscriptions.keys()) {
      const name = serviceOf(what)
      if (name !== undefined && changed.has(name)) checkSubscription(turn, connection, what)
    }
}
