/** Every message that a monitor reads or writes, and the only list of them, by type number. */
import { MAuth, MAuthReply } from './auth.ts'
import { MCommand, MCommandReply, MMgrCommand, MMgrCommandReply } from './command.ts'
import { MConfig, MGetConfig } from './config.ts'
import { MForward } from './forward.ts'
import { MFSMapUser } from './fs-map-user.ts'
import { MFSMap } from './fs-map.ts'
import { MGetPoolStats, MGetPoolStatsReply } from './get-pool-stats.ts'
import { MKVData } from './kv-data.ts'
import { MLog, MLogAck } from './log.ts'
import { MMDSBeacon } from './mds-beacon.ts'
import { MMDSLoadTargets } from './mds-load-targets.ts'
import { MMDSMap } from './mds-map.ts'
import { MMgrBeacon } from './mgr-beacon.ts'
import { MMgrClose } from './mgr-close.ts'
import { MMgrConfigure } from './mgr-configure.ts'
import { MMgrDigest } from './mgr-digest.ts'
import { MMgrMap } from './mgr-map.ts'
import { MMgrOpen } from './mgr-open.ts'
import { MMonCommand, MMonCommandAck } from './mon-command.ts'
import { MMonElection } from './mon-election.ts'
import { MMonGetMap } from './mon-get-map.ts'
import { MMonGetOSDMap } from './mon-get-osd-map.ts'
import { MMonGetPurgedSnaps, MMonGetPurgedSnapsReply } from './mon-get-purged-snaps.ts'
import { MMonGetVersion, MMonGetVersionReply } from './mon-get-version.ts'
import { MMonGlobalID } from './mon-global-id.ts'
import { MMonHealthChecks } from './mon-health-checks.ts'
import { MMonJoin } from './mon-join.ts'
import { MMonMap } from './mon-map.ts'
import { MMonMgrReport } from './mon-mgr-report.ts'
import { MMonPaxos } from './mon-paxos.ts'
import { MMonPing } from './mon-ping.ts'
import { MMonProbe } from './mon-probe.ts'
import { MMonScrub } from './mon-scrub.ts'
import { MMonSubscribeAck } from './mon-subscribe-ack.ts'
import { MMonSubscribe } from './mon-subscribe.ts'
import { MMonSync } from './mon-sync.ts'
import { MOSDAlive } from './osd-alive.ts'
import { MOSDBeacon } from './osd-beacon.ts'
import { MOSDBoot } from './osd-boot.ts'
import { MOSDFailure } from './osd-failure.ts'
import { MOSDFull } from './osd-full.ts'
import { MOSDMap } from './osd-map.ts'
import { MOSDMarkMeDead } from './osd-mark-me-dead.ts'
import { MOSDMarkMeDown } from './osd-mark-me-down.ts'
import { MOSDPGCreate2 } from './osd-pg-create.ts'
import { MOSDPGCreated } from './osd-pg-created.ts'
import { MOSDPGReadyToMerge } from './osd-pg-ready-to-merge.ts'
import { MOSDPGTemp } from './osd-pg-temp.ts'
import { MPing } from './ping.ts'
import { MPoolOp, MPoolOpReply } from './pool-op.ts'
import { MRemoveSnaps } from './remove-snaps.ts'
import { MRoute } from './route.ts'
import { MServiceMap } from './service-map.ts'
import { MStatfs, MStatfsReply } from './statfs.ts'
import { MTimeCheck2 } from './time-check.ts'

export const MESSAGE_TABLE = [
  MPing,
  MMonMap,
  MMonGetMap,
  MMonGetOSDMap,
  MStatfs,
  MStatfsReply,
  MMonSubscribe,
  MMonSubscribeAck,
  MAuth,
  MAuthReply,
  MMonGetVersion,
  MMonGetVersionReply,
  MMDSMap,
  MOSDMap,
  MFSMap,
  MForward,
  MRoute,
  MPoolOpReply,
  MPoolOp,
  MMonCommand,
  MMonCommandAck,
  MLog,
  MLogAck,
  MKVData,
  MGetPoolStats,
  MGetPoolStatsReply,
  MMonGlobalID,
  MConfig,
  MGetConfig,
  MMonScrub,
  MMonElection,
  MMonPaxos,
  MMonProbe,
  MMonJoin,
  MMonSync,
  MOSDBoot,
  MOSDFailure,
  MOSDAlive,
  MOSDMarkMeDown,
  MOSDFull,
  MMonGetPurgedSnaps,
  MMonGetPurgedSnapsReply,
  MOSDPGTemp,
  MOSDBeacon,
  MRemoveSnaps,
  MCommand,
  MCommandReply,
  MMDSBeacon,
  MFSMapUser,
  MOSDPGCreated,
  MOSDPGCreate2,
  MOSDPGReadyToMerge,
  MOSDMarkMeDead,
  MMonPing,
  MMDSLoadTargets,
  MMonHealthChecks,
  MTimeCheck2,
  MMgrOpen,
  MMgrConfigure,
  MMgrBeacon,
  MMgrMap,
  MMgrDigest,
  MMonMgrReport,
  MServiceMap,
  MMgrClose,
  MMgrCommand,
  MMgrCommandReply,
] as const
