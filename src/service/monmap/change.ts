/**
 * What commands that change the monmap have in common. Their answer leaves before the change is proposed: with the
 * new map there may be no quorum that could send it.
 *
 * Source: ceph src/mon/MonmapMonitor.cc MonmapMonitor::prepare_command.
 */
import type { MonMap } from '../../map/mon-map/mon-map.ts'
import type { CommandReply, Request, ServicePendings, UpdateResult } from '../contract.ts'
import { answer } from '../reply.ts'
import type { MonmapPending } from './state.ts'

export const withMonmap = (pending: MonmapPending, change: (map: MonMap) => MonMap): MonmapPending => ({
  map: change(pending.map),
  isChanged: true,
})

/** Proposes the changed map, and answers `reply` at once. */
export const changeMonmap = (
  pendings: ServicePendings,
  request: Request,
  reply: CommandReply,
  change: (map: MonMap) => MonMap,
): UpdateResult =>
  pendings.monmap.isChanged
    ? { _tag: 'RetryAfterCommit' }
    : {
        _tag: 'Prepared',
        pendings: { monmap: withMonmap(pendings.monmap, change) },
        effects: [answer(request, reply)],
        afterCommit: [],
      }
