/**
 * Bytes of a full OSDMap. All monitors and OSDs must write the same ones: incrementals carry the checksum.
 *
 * Grammar: versioned 8/7 { client section versioned 9/1, osd section versioned 9/1, u32 crc };
 *          osd section is 10/1 in stretch mode and 11/1 with range blocklist entries.
 *          crc is crc32c from seed 0xffffffff over everything from the first byte to the crc.
 * Source: ceph src/osd/OSDMap.cc OSDMap::encode, decode. Sections older than Nautilus are refused.
 */
import * as E from 'fp-ts/lib/Either.js'
import { CRC_SEED, crc32c } from '../../codec/crc32c.ts'
import type { DecodeError } from '../../codec/error.ts'
import { decodeFrom, decodeWhole, type Reader } from '../../codec/reader.ts'
import { decodeEntityAddrvec, encodeEntityAddrvec, type EntityAddrvec } from '../../codec/type/entity-addr.ts'
import { decodeUtime, encodeUtime } from '../../codec/type/utime.ts'
import { decodeUuid, encodeUuid } from '../../codec/type/uuid.ts'
import { encoded, type Writer } from '../../codec/writer.ts'
import { decodeCrushMap, crushMapBytes } from '../crush/codec.ts'
import type { CrushMap } from '../crush/crush-map.ts'
import { RELEASE } from '../release.ts'
import { OSDMAP_FLAG, OSDMAP_LEGACY_REQUIRE_FLAGS } from './constant.ts'
import * as field from './field-codec.ts'
import { decodeOsdInfo, decodeOsdXinfo, encodeOsdInfo, encodeOsdXinfo } from './osd-info.ts'
import { NO_OSD, NO_STRETCH_MODE, type Osd, type OsdMap, type StretchMode } from './osd-map.ts'

const CLIENT_V = 9
const OSD_V = 9
const OSD_V_STRETCH = 10
const OSD_V_RANGE_BLOCKLIST = 11
const CRC_BYTES = 4

/** The bytes of `map`, checksum included. */
export const osdMapBytes = (map: OsdMap): Buffer => {
  const bytes = encoded((w) =>
    w.versioned(8, 7, () => {
      w.versioned(CLIENT_V, 1, () => encodeClientSection(w, map))
      w.versioned(osdSectionVersion(map), 1, () => encodeOsdSection(w, map))
      w.u32(0)
    }),
  )
  const crcAt = bytes.length - CRC_BYTES
  bytes.writeUInt32LE(crc32c(CRC_SEED, bytes.subarray(0, crcAt)), crcAt)
  return bytes
}

/** The checksum at the end of a full map's bytes: `full_crc` of the incremental that leads to it. */
export const osdMapCrc = (bytes: Buffer): number => bytes.readUInt32LE(bytes.length - CRC_BYTES)

/**
 * The map of `bytes`.
 *
 * Errors: those of decoding, and BadValue when the checksum is not the one of the bytes.
 */
export const osdMapOf = (bytes: Buffer): E.Either<DecodeError, OsdMap> =>
  E.flatMap((map: OsdMap): E.Either<DecodeError, OsdMap> => {
    const actual = crc32c(CRC_SEED, bytes.subarray(0, bytes.length - CRC_BYTES))
    const what = `OSDMap crc ${osdMapCrc(bytes)} instead of ${actual}`
    return actual === osdMapCrc(bytes)
      ? E.right(map)
      : E.left({ _tag: 'BadValue', at: bytes.length - CRC_BYTES, what })
  })(decodeWhole(decodeOsdMap, bytes))

const osdSectionVersion = (map: OsdMap): number => {
  if (map.rangeBlocklist.size > 0) return OSD_V_RANGE_BLOCKLIST
  return map.stretchMode.enabled ? OSD_V_STRETCH : OSD_V
}

const encodeClientSection = (w: Writer, map: OsdMap): void => {
  encodeUuid(w, map.fsid)
  w.u32(map.epoch)
  encodeUtime(w, map.created)
  encodeUtime(w, map.modified)
  field.encodePools(w, map.pools)
  field.encodePoolNames(w, map.poolNames)
  w.i32(map.poolMax)
  w.u32(map.flags)
  w.i32(map.osds.length)
  w.array(map.osds, (out, osd) => void out.u32(osd.state))
  w.array(map.osds, (out, osd) => void out.u32(osd.weight))
  w.array(map.osds, (out, osd) => encodeEntityAddrvec(out, osd.clientAddrs))
  field.encodePgOsds(w, map.pgTemp)
  field.encodePgOsd(w, map.primaryTemp)
  w.array(map.hasPrimaryAffinity ? map.osds : [], (out, osd) => void out.u32(osd.primaryAffinity))
  w.blob(crushBlob(map.crush))
  field.encodeProfiles(w, map.erasureCodeProfiles)
  field.encodePgOsds(w, map.pgUpmap)
  field.encodePgItems(w, map.pgUpmapItems)
  w.u32(map.crushVersion)
  field.encodePoolSnaps(w, map.newRemovedSnaps)
  field.encodePoolSnaps(w, map.newPurgedSnaps)
  encodeUtime(w, map.lastUpChange)
  encodeUtime(w, map.lastInChange)
}

const encodeOsdSection = (w: Writer, map: OsdMap): void => {
  w.array(map.osds, (out, osd) => encodeEntityAddrvec(out, osd.hbBackAddrs))
  w.array(map.osds, (out, osd) => encodeOsdInfo(out, osd.info))
  field.encodeBlocklist(w, map.blocklist)
  w.array(map.osds, (out, osd) => encodeEntityAddrvec(out, osd.clusterAddrs))
  w.u32(map.clusterSnapshotEpoch)
  w.string(map.clusterSnapshot)
  w.array(map.osds, (out, osd) => encodeUuid(out, osd.uuid))
  w.array(map.osds, (out, osd) => encodeOsdXinfo(out, osd.xinfo))
  w.array(map.osds, (out, osd) => encodeEntityAddrvec(out, osd.hbFrontAddrs))
  w.f32(map.nearfullRatio)
  w.f32(map.fullRatio)
  w.f32(map.backfillfullRatio)
  w.u8(map.requireMinCompatClient)
  w.u8(map.requireOsdRelease)
  field.encodePoolSnaps(w, map.removedSnapsQueue)
  field.encodeFlagsByNumber(w, map.crushNodeFlags)
  field.encodeFlagsByNumber(w, map.deviceClassFlags)
  const version = osdSectionVersion(map)
  if (version >= OSD_V_STRETCH) encodeStretchMode(w, map.stretchMode)
  if (version >= OSD_V_RANGE_BLOCKLIST) field.encodeBlocklist(w, map.rangeBlocklist)
}

const encodeStretchMode = (w: Writer, stretch: StretchMode): void => {
  w.bool(stretch.enabled)
  w.u32(stretch.bucketCount)
  w.u32(stretch.degraded)
  w.u32(stretch.recovering)
  w.i32(stretch.bucket)
}

// A CRUSH map changes rarely and is part of every full map.
const crushBlobs = new WeakMap<CrushMap, Buffer>()

const crushBlob = (crush: CrushMap): Buffer => {
  const cached = crushBlobs.get(crush)
  if (cached !== undefined) return cached
  const bytes = crushMapBytes(crush)
  crushBlobs.set(crush, bytes)
  return bytes
}

/** Reads a full map without looking at its checksum; see `osdMapOf`. */
export const decodeOsdMap = (r: Reader): OsdMap =>
  r.versioned(8, (structV) => {
    if (!r.failed && structV < 8) r.bad(`OSDMap version ${structV}`)
    const client = r.versioned(CLIENT_V, (clientV) => decodeClientSection(r, clientV))
    const rest = r.versioned(OSD_V_RANGE_BLOCKLIST, (osdV) => decodeOsdSection(r, osdV))
    r.u32()
    return joinSections(r, client, rest)
  })

type ClientSection = ReturnType<typeof decodeClientSection>
type OsdSection = ReturnType<typeof decodeOsdSection>

const decodeClientSection = (r: Reader, structV: number) => {
  if (!r.failed && structV < CLIENT_V) r.bad(`OSDMap client section version ${structV}`)
  return {
    map: {
      fsid: decodeUuid(r),
      epoch: r.u32(),
      created: decodeUtime(r),
      modified: decodeUtime(r),
      pools: field.decodePools(r),
      poolNames: field.decodePoolNames(r),
      poolMax: r.i32(),
      flags: r.u32(),
    },
    maxOsd: r.i32(),
    states: r.array(r.u32),
    weights: r.array(r.u32),
    clientAddrs: r.array(decodeEntityAddrvec),
    placement: { pgTemp: field.decodePgOsds(r), primaryTemp: field.decodePgOsd(r) },
    affinities: r.array(r.u32),
    more: {
      crush: decodeEmbeddedCrush(r),
      erasureCodeProfiles: field.decodeProfiles(r),
      pgUpmap: field.decodePgOsds(r),
      pgUpmapItems: field.decodePgItems(r),
      crushVersion: r.u32(),
      newRemovedSnaps: field.decodePoolSnaps(r),
      newPurgedSnaps: field.decodePoolSnaps(r),
      lastUpChange: decodeUtime(r),
      lastInChange: decodeUtime(r),
    },
  }
}

const decodeEmbeddedCrush = (r: Reader): CrushMap => {
  const blob = r.blob()
  const crush = decodeFrom(decodeCrushMap, blob)
  if (E.isRight(crush)) return crush.right
  r.fail(crush.left)
  return NO_CRUSH
}

// Stands in after a failed decode, whose value nobody sees.
const NO_CRUSH = {} as CrushMap

const decodeOsdSection = (r: Reader, structV: number) => {
  if (!r.failed && structV < OSD_V) r.bad(`OSDMap osd section version ${structV}`)
  return {
    hbBackAddrs: r.array(decodeEntityAddrvec),
    infos: r.array(decodeOsdInfo),
    blocklist: field.decodeBlocklist(r),
    clusterAddrs: r.array(decodeEntityAddrvec),
    snapshot: { clusterSnapshotEpoch: r.u32(), clusterSnapshot: r.string() },
    uuids: r.array(decodeUuid),
    xinfos: r.array(decodeOsdXinfo),
    hbFrontAddrs: r.array(decodeEntityAddrvec),
    more: {
      nearfullRatio: r.f32(),
      fullRatio: r.f32(),
      backfillfullRatio: r.f32(),
      requireMinCompatClient: r.u8(),
      requireOsdRelease: r.u8(),
      removedSnapsQueue: field.decodePoolSnaps(r),
      crushNodeFlags: field.decodeFlagsByNumber(r),
      deviceClassFlags: field.decodeFlagsByNumber(r),
      stretchMode: structV >= OSD_V_STRETCH ? decodeStretchMode(r) : NO_STRETCH_MODE,
      rangeBlocklist: structV >= OSD_V_RANGE_BLOCKLIST ? field.decodeBlocklist(r) : new Map<never, never>(),
    },
  }
}

const decodeStretchMode = (r: Reader): StretchMode => ({
  enabled: r.bool(),
  bucketCount: r.u32(),
  degraded: r.u32(),
  recovering: r.u32(),
  bucket: r.i32(),
})

const joinSections = (r: Reader, client: ClientSection, rest: OsdSection): OsdMap => {
  const { maxOsd } = client
  const columns: readonly (readonly unknown[])[] = [
    client.states,
    client.weights,
    client.clientAddrs,
    rest.hbBackAddrs,
    rest.infos,
    rest.clusterAddrs,
    rest.uuids,
    rest.xinfos,
    rest.hbFrontAddrs,
  ]
  if (columns.some((column) => column.length !== maxOsd)) r.bad(`a vector that is not of max_osd ${maxOsd}`)
  const hasPrimaryAffinity = client.affinities.length > 0
  const empty: EntityAddrvec = []
  const osds = client.states.map((state, i): Osd => ({
    state,
    weight: client.weights[i] ?? NO_OSD.weight,
    primaryAffinity: client.affinities[i] ?? NO_OSD.primaryAffinity,
    uuid: rest.uuids[i] ?? NO_OSD.uuid,
    info: rest.infos[i] ?? NO_OSD.info,
    xinfo: rest.xinfos[i] ?? NO_OSD.xinfo,
    clientAddrs: client.clientAddrs[i] ?? empty,
    clusterAddrs: rest.clusterAddrs[i] ?? empty,
    hbBackAddrs: rest.hbBackAddrs[i] ?? empty,
    hbFrontAddrs: rest.hbFrontAddrs[i] ?? empty,
  }))
  return {
    ...client.map,
    flags: flagsOfRelease(client.map.flags, rest.more.requireOsdRelease),
    osds,
    hasPrimaryAffinity,
    ...client.placement,
    ...client.more,
    blocklist: rest.blocklist,
    ...rest.snapshot,
    ...rest.more,
  }
}

// A map of these releases has these flags, whatever it says.
const flagsOfRelease = (flags: number, release: number): number => {
  const limit = release >= RELEASE.nautilus ? flags | OSDMAP_FLAG.PGLOG_HARDLIMIT : flags
  if (release < RELEASE.luminous) return limit
  return (limit & ~OSDMAP_LEGACY_REQUIRE_FLAGS) | OSDMAP_FLAG.RECOVERY_DELETES
}
