/** `sessions` and `connection scores dump` of the admin socket. Source: ceph src/mon/Session.h, ConnectionTracker.cc. */
import { jsonFloat, type Json, type JsonRecord } from '../../base/json.ts'
import { byNumber, sortedEntries } from '../../base/ordered.ts'
import { addrJson, addrvecJson } from '../../codec/type/entity-addr-json.ts'
import { entityTypeName, printEntityName } from '../../codec/type/entity-name.ts'
import type { ConnectionReport, ConnectionTracker } from '../../map/connection-tracker.ts'
import { releaseOfFeatures } from '../../map/feature.ts'
import { releaseName } from '../../map/release.ts'
import type { SessionState } from '../state.ts'

export const sessionJson = (session: SessionState): JsonRecord => ({
  name: `${entityTypeName(session.peerType)}.${session.num < 0n ? '?' : session.num}`,
  entity_name: printEntityName(session.identity.entityName),
  addrs: addrvecJson(session.addrs),
  socket_addr: addrJson(session.socketAddr),
  con_type: entityTypeName(session.peerType),
  con_features: session.features,
  con_features_hex: session.features.toString(16),
  con_features_release: releaseName(releaseOfFeatures(session.features)),
  open: true,
  caps: { text: session.identity.caps.text },
  authenticated: true,
  global_id: session.identity.globalId,
  global_id_status: session.identity.globalIdStatus.toLowerCase(),
  osd_epoch: session.osdmapSent,
  remote_host: session.hostname,
})

const reportJson = (report: ConnectionReport): JsonRecord => ({
  rank: report.rank,
  epoch: report.epoch,
  version: report.version,
  current: new Map<string, Json>(
    sortedEntries(report.current, byNumber).map(([peer, alive]) => [String(peer), alive]),
  ),
  history: new Map<string, Json>(
    sortedEntries(report.history, byNumber).map(([peer, score]) => [String(peer), jsonFloat(score)]),
  ),
})

export const trackerJson = (tracker: ConnectionTracker): JsonRecord => ({
  rank: tracker.rank,
  epoch: tracker.epoch,
  version: tracker.version,
  half_life: jsonFloat(tracker.halfLife),
  reports: sortedEntries(tracker.reports, byNumber).map(([, report]) => reportJson(report)),
})
