/**
 * LogMonitor: the cluster log. Daemons and monitors send lines, every monitor writes them to its file, and the newest
 * of each channel can be asked for.
 *
 * Keys: logm/N = lines of version N; logm/full_N = summary of version N, which goes into the same proposal as N + 1;
 *       logm/full_latest.
 * Limits: mon_log_max_summary lines a channel in the summary, mon_max_log_epochs versions.
 * Source: ceph src/mon/LogMonitor.cc.
 */
import { compareUtime, utimeOfMs } from '../../codec/type/utime.ts'
import { ENTITY_TYPE } from '../../codec/type/entity-name.ts'
import { encoded } from '../../codec/writer.ts'
import { CLOG, encodeLogSummary } from '../../map/log-entry.ts'
import type { Op } from '../../store/transaction.ts'
import type { PaxosService, QueryResult, Request, UpdateResult, World } from '../contract.ts'
import { putFull, putVersion } from '../encode.ts'
import { logLast } from './command/last.ts'
import { log } from './command/log.ts'
import { preprocessLog, prepareLog } from './handle-log.ts'
import { updateFromPaxos, writeFreshLines } from './refresh.ts'
import { INITIAL_LOG_STATE, type LogPending } from './state.ts'
import { LOG_SUBSCRIPTIONS, subscribeLog } from './subscribe.ts'
import { logValueBytes } from './value.ts'

const createInitial = (world: World): LogPending => ({
  entries: [
    {
      name: { type: ENTITY_TYPE.mon, id: world.self.name },
      rank: { type: ENTITY_TYPE.mon, num: BigInt(world.self.rank) },
      addrs: world.self.addrs,
      stamp: utimeOfMs(world.now),
      seq: 0n,
      prio: CLOG.info,
      msg: `mkfs ${world.fsid}`,
      channel: '',
    },
  ],
})

const encodePending = (world: World, { entries }: LogPending): readonly Op[] => {
  const { summary, lastCommitted } = world.committed.logm
  // Several senders' lines go into one value by their times; those of one time stay in the order of arrival.
  const byTime = [...entries].sort((a, b) => compareUtime(a.stamp, b.stamp))
  return [
    ...putFull(
      'logm',
      summary.version,
      encoded((w) => encodeLogSummary(w, summary)),
    ),
    ...putVersion(world, 'logm', lastCommitted + 1n, logValueBytes(byTime)),
  ]
}

const trimTo = ({ committed, options }: World): bigint => {
  const kept = BigInt(options.int('mon_max_log_epochs'))
  return committed.logm.lastCommitted > kept ? committed.logm.lastCommitted - kept : 0n
}

const ignored = (request: Request): QueryResult & UpdateResult => ({
  _tag: 'Answered',
  effects: [{ _tag: 'NoReply', request }],
})

export const logService: PaxosService<'logm'> = {
  name: 'logm',
  initial: INITIAL_LOG_STATE,
  updateFromPaxos,
  afterRefresh: writeFreshLines,
  createInitial,
  createPending: () => ({ entries: [] }),
  encodePending,
  preprocessQuery: (world, request) =>
    request.message._tag === 'MLog' ? preprocessLog(world, request, request.message) : ignored(request),
  prepareUpdate: (world, pendings, request) =>
    request.message._tag === 'MLog'
      ? prepareLog(world, pendings, request, request.message)
      : ignored(request),
  commands: new Map([
    ['log', log],
    ['log last', logLast],
  ]),
  trimTo,
  subscriptions: LOG_SUBSCRIPTIONS,
  subscribe: subscribeLog,
}
