/** The osdmap service: pools, OSDs, CRUSH and flags. Source: ceph src/mon/OSDMonitor.cc. */
import type { PaxosService } from '../contract.ts'
import { OSDMAP_COMMANDS } from './command/table.ts'
import { encodePending } from './encode.ts'
import { createInitial } from './initial.ts'
import { MESSAGE_HANDLERS } from './message/table.ts'
import { createPending } from './pending.ts'
import { localOps, updateFromPaxos } from './refresh.ts'
import { INITIAL_OSDMAP_STATE } from './state.ts'
import { subscribePgCreates } from './subscribe-creates.ts'
import { subscribeOsdmap } from './subscribe.ts'
import { printOsdMapLine } from './summary.ts'
import { tick } from './tick.ts'
import { trimExtra, trimTo } from './trim.ts'

export const osdmapService: PaxosService<'osdmap'> = {
  name: 'osdmap',
  initial: INITIAL_OSDMAP_STATE,
  updateFromPaxos,
  localOps,
  createInitial,
  createPending,
  encodePending,
  preprocessQuery: (world, request) =>
    MESSAGE_HANDLERS.get(request.message._tag)?.query(world, request) ?? {
      _tag: 'Answered',
      effects: [{ _tag: 'NoReply', request }],
    },
  prepareUpdate: (world, pendings, request) =>
    MESSAGE_HANDLERS.get(request.message._tag)?.update?.(world, pendings, request) ?? {
      _tag: 'Answered',
      effects: [{ _tag: 'NoReply', request }],
    },
  commands: OSDMAP_COMMANDS,
  trimTo,
  trimExtra,
  tick,
  describe: ({ committed }) => `osdmap ${printOsdMapLine(committed.osdmap.map)}`,
  subscriptions: ['osdmap', 'osd_pg_creates'],
  subscribe: (world, session, subscription) =>
    subscription.what === 'osdmap'
      ? subscribeOsdmap(world, session, subscription)
      : subscribePgCreates(world, session, subscription),
}
