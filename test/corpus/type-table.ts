/** Ceph's type names, as the corpus spells its folders, and the codecs that carry them. */
import { decoded } from '../codec/decoded.ts'
import type { Reader } from '../../src/codec/reader.ts'
import * as addr from '../../src/codec/type/entity-addr.ts'
import { decodeCompatSet, encodeCompatSet } from '../../src/codec/type/compat-set.ts'
import { decodeEntityInst, encodeEntityInst } from '../../src/codec/type/entity-inst.ts'
import { decodeEntityNumber, encodeEntityNumber } from '../../src/codec/type/entity-name.ts'
import { decodeEversion, encodeEversion } from '../../src/codec/type/eversion.ts'
import { decodeFeatureBitset, encodeFeatureBitset } from '../../src/codec/type/feature-bitset.ts'
import { decodeMonFeature, encodeMonFeature } from '../../src/codec/type/mon-feature.ts'
import { decodePgId, decodeShardPgId, encodePgId, encodeShardPgId } from '../../src/codec/type/pg.ts'
import { decodeUtime, encodeUtime } from '../../src/codec/type/utime.ts'
import { decodeUuid, encodeUuid } from '../../src/codec/type/uuid.ts'
import { encoded, type Writer } from '../../src/codec/writer.ts'
import * as tracker from '../../src/map/connection-tracker.ts'
import { decodeCrushMap, encodeCrushMap } from '../../src/map/crush/codec.ts'
import { decodeFeatureMap, encodeFeatureMap } from '../../src/map/feature-map.ts'
import { decodeFilesystem, decodeFsMap, encodeFilesystem, encodeFsMap } from '../../src/map/fs-map/fs-map.ts'
import { decodeMdsInfo, encodeMdsInfo } from '../../src/map/fs-map/mds-info.ts'
import { decodeMdsMap, encodeMdsMap } from '../../src/map/fs-map/mds-map.ts'
import { decodeMirrorInfo, encodeMirrorInfo } from '../../src/map/fs-map/mirror-info.ts'
import * as health from '../../src/map/health.ts'
import * as log from '../../src/map/log-entry.ts'
import { decodeMdsHealth, encodeMdsHealth } from '../../src/map/mds-health.ts'
import * as mgr from '../../src/map/mgr-map/mgr-map.ts'
import * as module from '../../src/map/mgr-map/module-info.ts'
import { decodeMonCommand, encodeMonCommand } from '../../src/map/mon-command.ts'
import { decodeMonInfo, decodeMonMap, encodeMonInfo, encodeMonMap } from '../../src/map/mon-map/mon-map.ts'
import { osdMapBytes, osdMapOf } from '../../src/map/osd-map/codec.ts'
import { decodePgOsds, encodePgOsds } from '../../src/map/osd-map/field-codec.ts'
import { decodeHitSetParams, encodeHitSetParams } from '../../src/map/osd-map/hit-set-params.ts'
import { fullCrcOf, incrementalBytes, incrementalOf } from '../../src/map/osd-map/incremental-codec.ts'
import * as info from '../../src/map/osd-map/osd-info.ts'
import { decodePgMergeMeta, encodePgMergeMeta } from '../../src/map/osd-map/pg-merge-meta.ts'
import { decodePoolOptions, encodePoolOptions } from '../../src/map/osd-map/pool-option.ts'
import { decodePoolSnap, encodePoolSnap } from '../../src/map/osd-map/pool-snap.ts'
import { decodePool, encodePool } from '../../src/map/osd-map/pool.ts'
import { decodeOsdSuperblock, encodeOsdSuperblock } from '../../src/map/osd-superblock.ts'
import * as objects from '../../src/map/pg-map-digest/object-stat-sum.ts'
import * as osdStat from '../../src/map/pg-map-digest/osd-stat.ts'
import * as digest from '../../src/map/pg-map-digest/pg-map-digest.ts'
import { decodePoolStat, encodePoolStat } from '../../src/map/pg-map-digest/pool-stat.ts'
import { decodeStoreStatfs, encodeStoreStatfs } from '../../src/map/pg-map-digest/store-statfs.ts'
import { decodeProgressEvent, encodeProgressEvent } from '../../src/map/progress-event.ts'
import * as service from '../../src/map/service-map.ts'
import { decodeCreatingPgs, encodeCreatingPgs } from '../../src/service/osdmap/creating-pgs/creating-pgs.ts'
import { decodePgHistory, encodePgHistory } from '../../src/service/osdmap/creating-pgs/pg-history.ts'
import { decodeOp, decodeTransaction, encodeOp, encodeTransaction } from '../../src/store/transaction.ts'
import { right } from '../map/osd-map/sequence.ts'

export interface TypeCodec {
  /** The value of all of the bytes; fails the test when they are refused. */
  readonly value: (bytes: Buffer) => unknown
  /** The bytes of that value, in the version that 16.2.15 writes. */
  readonly reencoded: (bytes: Buffer) => Buffer
  /**
   * Versions below this one are of an older release: they are read, and what is written is compared by value. A
   * container of such a type has version 0 here: its bytes are compared when they are of the same length.
   */
  readonly driftBelow?: number
}

const codec = <A>(
  decode: (r: Reader) => A,
  encode: (w: Writer, a: A) => void,
  driftBelow?: number,
): TypeCodec => ({
  value: (bytes) => decoded(decode, bytes),
  reencoded: (bytes) => encoded((w) => encode(w, decoded(decode, bytes))),
  ...(driftBelow === undefined ? {} : { driftBelow }),
})

// pg_create_info has no decoder of its own: it is read as the only entry of a creating_pgs_t.
const creatingPgsAround = (bytes: Buffer): Buffer =>
  encoded((w) =>
    w.versioned(3, 1, () => {
      w.u32(0)
      w.u32(1)
      encodePgId(w, { pool: 1n, seed: 0 })
      w.raw(bytes)
      w.u32(0)
      w.u32(0)
    }),
  )
const AROUND_HEAD = creatingPgsAround(Buffer.alloc(0)).length - 8

const pgCreateInfo: TypeCodec = {
  value: (bytes) => decoded(decodeCreatingPgs, creatingPgsAround(bytes)),
  reencoded: (bytes) => {
    const around = decoded(decodeCreatingPgs, creatingPgsAround(bytes))
    return encoded((w) => encodeCreatingPgs(w, around)).subarray(AROUND_HEAD, -8)
  },
}

const i32 = codec(
  (r) => r.i32(),
  (w, n) => w.i32(n),
)

/** Types that a monitor reads or writes; those of authentication are in test/auth/corpus.test.ts. */
export const TYPES: Readonly<Record<string, TypeCodec>> = {
  CompatSet: codec(decodeCompatSet, encodeCompatSet),
  ConnectionReport: codec(tracker.decodeConnectionReport, tracker.encodeConnectionReport),
  ConnectionTracker: codec(tracker.decodeConnectionTracker, tracker.encodeConnectionTracker),
  CrushWrapper: codec(decodeCrushMap, encodeCrushMap),
  FSMap: codec(decodeFsMap, encodeFsMap, 0),
  FeatureMap: codec(decodeFeatureMap, encodeFeatureMap),
  Filesystem: codec(decodeFilesystem, encodeFilesystem, 0),
  HitSet__Params: codec(decodeHitSetParams, encodeHitSetParams),
  LogEntry: codec(log.decodeLogEntry, log.encodeLogEntry),
  LogSummary: codec(log.decodeLogSummary, log.encodeLogSummary),
  MDSHealth: codec(decodeMdsHealth, encodeMdsHealth),
  MDSMap: codec(decodeMdsMap, encodeMdsMap, 0),
  MDSMap__mds_info_t: codec(decodeMdsInfo, encodeMdsInfo, 10),
  MgrMap: codec(mgr.decodeMgrMap, mgr.encodeMgrMap, 12),
  MgrMap__ModuleInfo: codec(module.decodeModuleInfo, module.encodeModuleInfo),
  MgrMap__ModuleOption: codec(module.decodeModuleOption, module.encodeModuleOption),
  MgrMap__StandbyInfo: codec(mgr.decodeMgrStandby, mgr.encodeMgrStandby),
  MirrorInfo: codec(decodeMirrorInfo, encodeMirrorInfo),
  MonCommand: codec(decodeMonCommand, encodeMonCommand),
  MonMap: codec(decodeMonMap, encodeMonMap),
  MonitorDBStore__Op: codec(decodeOp, encodeOp),
  MonitorDBStore__Transaction: codec(decodeTransaction, encodeTransaction),
  OSDMap: {
    value: (bytes) => right(osdMapOf(bytes)),
    reencoded: (bytes) => osdMapBytes(right(osdMapOf(bytes))),
  },
  OSDMap__Incremental: {
    value: (bytes) => right(incrementalOf(bytes)),
    reencoded: (bytes) => incrementalBytes(right(incrementalOf(bytes)), fullCrcOf(bytes)),
  },
  OSDSuperblock: codec(decodeOsdSuperblock, encodeOsdSuperblock, 10),
  PGMapDigest: codec(digest.decodePgMapDigest, digest.encodePgMapDigest),
  PGMapDigest__pg_count: codec(digest.decodePgCount, digest.encodePgCount),
  PGTempMap: codec(decodePgOsds, encodePgOsds),
  ProgressEvent: codec(decodeProgressEvent, encodeProgressEvent),
  ServiceMap: codec(service.decodeServiceMap, service.encodeServiceMap),
  ServiceMap__Daemon: codec(service.decodeServiceDaemon, service.encodeServiceDaemon),
  ServiceMap__Service: codec(service.decodeService, service.encodeService),
  creating_pgs_t: codec(decodeCreatingPgs, encodeCreatingPgs),
  creating_pgs_t__pg_create_info: pgCreateInfo,
  entity_addr_t: codec(addr.decodeEntityAddr, addr.encodeEntityAddr),
  entity_addrvec_t: codec(addr.decodeEntityAddrvec, addr.encodeEntityAddrvec),
  entity_inst_t: codec(decodeEntityInst, encodeEntityInst),
  entity_name_t: codec(decodeEntityNumber, encodeEntityNumber),
  errorcode32_t: i32,
  eversion_t: codec(decodeEversion, encodeEversion),
  feature_bitset_t: codec(decodeFeatureBitset, encodeFeatureBitset),
  health_check_map_t: codec(health.decodeHealthCheckMap, health.encodeHealthCheckMap),
  health_check_t: codec(health.decodeHealthCheck, health.encodeHealthCheck),
  mon_feature_t: codec(decodeMonFeature, encodeMonFeature),
  mon_info_t: codec(decodeMonInfo, encodeMonInfo),
  object_stat_collection_t: codec(objects.decodeObjectStatCollection, objects.encodeObjectStatCollection),
  object_stat_sum_t: codec(objects.decodeObjectStatSum, objects.encodeObjectStatSum),
  objectstore_perf_stat_t: codec(osdStat.decodePerfStat, osdStat.encodePerfStat),
  osd_info_t: codec(info.decodeOsdInfo, info.encodeOsdInfo),
  osd_stat_t: codec(osdStat.decodeOsdStat, osdStat.encodeOsdStat),
  osd_xinfo_t: codec(info.decodeOsdXinfo, info.encodeOsdXinfo),
  pg_history_t: codec(decodePgHistory, encodePgHistory),
  pg_merge_meta_t: codec(decodePgMergeMeta, encodePgMergeMeta),
  pg_pool_t: codec(decodePool, encodePool),
  pg_t: codec(decodePgId, encodePgId),
  pool_opts_t: codec(decodePoolOptions, encodePoolOptions),
  pool_snap_info_t: codec(decodePoolSnap, encodePoolSnap),
  pool_stat_t: codec(decodePoolStat, encodePoolStat),
  pow2_hist_t: codec(osdStat.decodePow2Hist, osdStat.encodePow2Hist),
  spg_t: codec(decodeShardPgId, encodeShardPgId),
  store_statfs_t: codec(decodeStoreStatfs, encodeStoreStatfs),
  utime_t: codec(decodeUtime, encodeUtime),
  uuid_d: codec(decodeUuid, encodeUuid),
}

/** Types that no monitor reads or writes, and who does. */
export const FOREIGN_TYPES: Readonly<Record<string, string>> = {
  Capability: 'MDS and client',
  DaemonHealthMetric: 'daemons and manager',
  LevelDBStoreStats: 'monitors before Luminous',
  PGMap: 'manager',
  PerfCounterType: 'daemons and manager',
  SnapInfo: 'MDS',
  bloom_filter: 'OSD',
  ceph_data_stats: 'monitors before Luminous',
  client_t: 'MDS',
  file_layout_t: 'MDS and client',
  osd_reqid_t: 'OSD and client',
  pg_create_t: 'monitors and OSDs before Luminous',
  pg_stat_t: 'OSD and manager',
  pool_pg_num_history_t: 'OSD',
  snaplink_t: 'MDS',
}
