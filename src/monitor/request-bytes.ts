/**
 * What requests that are not answered yet hold in memory: those that wait here, and those that the leader has. It has
 * a limit for clients and one for daemons; beyond it, the session whose requests hold the most loses its connection.
 *
 * Differs: the original stops reading from everybody of that kind until there is room again, so that whoever fills
 *          it first decides how long the others wait.
 * Source: ceph options mon_client_bytes, mon_daemon_bytes.
 */
import { ENTITY_TYPE } from '../codec/type/entity-name.ts'
import type { Request } from '../service/contract.ts'
import type { MonitorState } from './state.ts'
import type { Turn } from './turn.ts'

/** Makes room for one more request to be kept. False when it is its own session that has to go. */
export const makeRoom = (turn: Turn, request: Request): boolean => {
  if (request.session.id < 0 || request.session.peerType === ENTITY_TYPE.mon) return true
  const option = limitOf(request)
  const limit = turn.state.config.options.int(option)
  let total = bytesOf(request)
  // Counted in place: this runs for every request that has to wait, over all that wait already.
  for (const kept of keptRequests(turn.state)) if (counts(kept, option)) total += bytesOf(kept)
  if (total <= limit) return true
  const rivals = [...keptRequests(turn.state), request].filter((kept) => counts(kept, option))
  const heaviest = heaviestSession(rivals)
  turn.log(
    0,
    `requests hold ${total} bytes, more than ${option}; session ${heaviest} holds the most and ends`,
  )
  turn.emit({ _tag: 'CloseConnection', connection: heaviest, reason: `${option} exceeded` })
  return heaviest !== request.session.id
}

type LimitOption = 'mon_client_bytes' | 'mon_daemon_bytes'

const counts = (request: Request, option: LimitOption): boolean =>
  request.session.id >= 0 && limitOf(request) === option

const limitOf = ({ session }: Request): LimitOption =>
  session.peerType === ENTITY_TYPE.client ? 'mon_client_bytes' : 'mon_daemon_bytes'

function* keptRequests({ waiters, routed }: MonitorState): Iterable<Request> {
  for (const { request } of waiters) yield request
  for (const { request } of routed.values()) yield request
}

const bytesOf = ({ raw }: Request): number =>
  raw === undefined ? 0 : raw.front.length + raw.middle.length + raw.data.length

const heaviestSession = (requests: readonly Request[]): number => {
  const bytes = new Map<number, number>()
  for (const request of requests)
    bytes.set(request.session.id, (bytes.get(request.session.id) ?? 0) + bytesOf(request))
  return [...bytes].reduce((a, b) => (b[1] > a[1] ? b : a))[0]
}
