/** `ceph status`. Source: ceph src/mon/Monitor.cc Monitor::get_cluster_status. */
import type { Json, JsonRecord } from '../../base/json.ts'
import { byBytes, sortedEntries } from '../../base/ordered.ts'
import { printTimespan } from '../../base/timespan.ts'
import { printUtime } from '../../codec/type/utime.ts'
import { monMapSummaryJson } from '../../map/mon-map/print.ts'
import type { World } from '../../service/contract.ts'
import { healthOf } from '../../service/health/gather.ts'
import { healthJson, printHealth } from '../../service/health/status.ts'
import { fsMapSummaryJson, mdsSummary, printFsSummary } from '../../service/mdsmap/summary.ts'
import { pgMapSummaryJson, printPgMapSummary } from '../../service/mgrstat/summary.ts'
import { mgrSummaryJson, printMgrSummary } from '../../service/mgr/summary.ts'
import { osdMapSummaryJson, printOsdMapSummary } from '../../service/osdmap/summary.ts'
import type { MonitorState } from '../state.ts'
import { quorumAgeSeconds, quorumNames } from './mon-status.ts'

export const clusterStatusJson = (state: MonitorState, world: World): JsonRecord => {
  const { osdmap, mgr, mgrstat, mdsmap } = world.committed
  return {
    fsid: world.fsid,
    health: healthJson(healthOf(world), false),
    election_epoch: state.election.epoch,
    quorum: state.quorum.ranks,
    quorum_names: quorumNames(state),
    quorum_age: quorumAgeSeconds(state, world.now),
    monmap: monMapSummaryJson(world.monmap),
    osdmap: osdMapSummaryJson(osdmap.map),
    pgmap: pgMapSummaryJson(mgrstat.digest),
    fsmap: fsMapSummaryJson(mdsmap.map),
    mgrmap: mgrSummaryJson(mgr.map),
    servicemap: {
      epoch: mgrstat.serviceMap.epoch,
      modified: printUtime(mgrstat.serviceMap.modified),
      services: new Map<string, Json>(
        sortedEntries(mgrstat.serviceMap.services, byBytes).map(([name, service]) => [
          name,
          { daemons: { summary: service.summary } },
        ]),
      ),
    },
    progress_events: new Map<string, Json>(
      sortedEntries(mgrstat.progressEvents, byBytes).map(([id, event]) => [
        id,
        { message: event.message, progress: event.progress, add_to_ceph_s: event.addToCephS },
      ]),
    ),
  }
}

const HEALTH_INDENT = '\n            '
// The original separates its parts by a line with one blank.
const BREAK = '\n \n'
const NAME_WIDTH_MIN = 3

export const printClusterStatus = (state: MonitorState, world: World): string => {
  const { osdmap, mgr, mgrstat, mdsmap } = world.committed
  const width = Math.max(
    NAME_WIDTH_MIN,
    ...[...mgrstat.serviceMap.services.keys()].map((name) => name.length),
  )
  const spacing = ' '.repeat(width - NAME_WIDTH_MIN)
  const mds = mdsSummary(mdsmap.map)
  return [
    '  cluster:\n',
    `    id:     ${world.fsid}\n`,
    `    health: ${printHealth(healthOf(world), world.now, HEALTH_INDENT, HEALTH_INDENT)}\n`,
    `${BREAK}  services:\n`,
    `    mon: ${spacing}${printMonSummary(state, world.now)}\n`,
    mgr.map.epoch > 0 ? `    mgr: ${spacing}${printMgrSummary(mgr.map, world.now)}\n` : '',
    mds === '' ? '' : `    mds: ${spacing}${mds}\n`,
    `    osd: ${spacing}${printOsdMapSummary(osdmap.map, world.now, ' '.repeat(width + 6))}`,
    `${BREAK}  data:\n`,
    printFsSummary(mdsmap.map),
    printPgMapSummary(mgrstat.digest),
    printProgress([...mgrstat.progressEvents.values()].filter((e) => e.addToCephS).map((e) => e.message)),
    '\n ',
  ]
    .join('')
    .replace(/\n\n \n/g, '\n \n')
}

const printMonSummary = (state: MonitorState, now: number): string => {
  const { monmap, quorum } = state
  const out = monmap.ranks.filter((_, rank) => !quorum.ranks.includes(rank))
  return (
    `${monmap.ranks.length} daemons, quorum ${quorumNames(state).join(',')} ` +
    `(age ${printTimespan(Math.max(0, now - quorum.sinceMs))})` +
    (out.length === 0 ? '' : `, out of quorum: ${out.join(', ')}`)
  )
}

const printProgress = (messages: readonly string[]): string =>
  messages.length === 0 ? '' : `${BREAK}  progress:\n${messages.map((m) => `    ${m}\n`).join('')}`
