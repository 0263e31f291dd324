/**
 * Bytes of an incremental.
 *
 * Grammar: versioned 8/7 { client section versioned 8/1, osd section versioned 9/1, u32 inc_crc, u32 full_crc };
 *          osd section is 10/1 when stretch mode changes and 11/1 when the range blocklist does.
 *          inc_crc is crc32c from seed 0xffffffff over everything before it and, continued, the full_crc after it;
 *          full_crc is the checksum of the full map that results.
 * Source: ceph src/osd/OSDMap.cc OSDMap::Incremental::encode, decode. Sections older than Nautilus are refused.
 */
import * as E from 'fp-ts/lib/Either.js'
import { byBigint } from '../../base/ordered.ts'
import { CRC_SEED, crc32c } from '../../codec/crc32c.ts'
import type { DecodeError } from '../../codec/error.ts'
import { decodeWhole, type Reader } from '../../codec/reader.ts'
import { decodeUtime, encodeUtime } from '../../codec/type/utime.ts'
import { decodeUuid, encodeUuid } from '../../codec/type/uuid.ts'
import { encoded, type Writer } from '../../codec/writer.ts'
import * as field from './field-codec.ts'
import type { Incremental } from './incremental.ts'
import { decodeOsdXinfo, encodeOsdXinfo } from './osd-info.ts'
import { NO_STRETCH_MODE } from './osd-map.ts'

const CLIENT_V = 8
const OSD_V = 9
const OSD_V_STRETCH = 10
const OSD_V_RANGE_BLOCKLIST = 11
const CRC_BYTES = 4

/** The bytes of `inc`. `fullCrc` is the checksum of the map it leads to: see `osdMapCrc`. */
export const incrementalBytes = (inc: Incremental, fullCrc: number): Buffer => {
  const bytes = encoded((w) =>
    w.versioned(8, 7, () => {
      w.versioned(CLIENT_V, 1, () => encodeClientSection(w, inc))
      w.versioned(osdSectionVersion(inc), 1, () => encodeOsdSection(w, inc))
      w.u32(0)
      w.u32(fullCrc)
    }),
  )
  bytes.writeUInt32LE(crcOf(bytes), bytes.length - 2 * CRC_BYTES)
  return bytes
}

const crcOf = (bytes: Buffer): number => {
  const crcAt = bytes.length - 2 * CRC_BYTES
  return crc32c(crc32c(CRC_SEED, bytes.subarray(0, crcAt)), bytes.subarray(crcAt + CRC_BYTES))
}

/** Checksum of the full map that an incremental's bytes lead to. */
export const fullCrcOf = (bytes: Buffer): number => bytes.readUInt32LE(bytes.length - CRC_BYTES)

/**
 * The incremental of `bytes`.
 *
 * Errors: those of decoding, and BadValue when inc_crc is not the one of the bytes.
 */
export const incrementalOf = (bytes: Buffer): E.Either<DecodeError, Incremental> =>
  E.flatMap((inc: Incremental): E.Either<DecodeError, Incremental> => {
    const at = bytes.length - 2 * CRC_BYTES
    const stored = bytes.readUInt32LE(at)
    const actual = crcOf(bytes)
    if (stored === actual) return E.right(inc)
    return E.left({ _tag: 'BadValue', at, what: `Incremental crc ${stored} instead of ${actual}` })
  })(decodeWhole(decodeIncremental, bytes))

const rangeBlocklistChanges = (inc: Incremental): boolean =>
  inc.newRangeBlocklist.size > 0 || inc.oldRangeBlocklist.length > 0

const osdSectionVersion = (inc: Incremental): number => {
  if (rangeBlocklistChanges(inc)) return OSD_V_RANGE_BLOCKLIST
  return inc.changeStretchMode ? OSD_V_STRETCH : OSD_V
}

const encodeClientSection = (w: Writer, inc: Incremental): void => {
  encodeUuid(w, inc.fsid)
  w.u32(inc.epoch)
  encodeUtime(w, inc.modified)
  w.i64(inc.newPoolMax)
  w.i32(inc.newFlags)
  w.blob(inc.fullmap)
  w.blob(inc.crush)
  w.i32(inc.newMaxOsd)
  field.encodePools(w, inc.newPools)
  field.encodePoolNames(w, inc.newPoolNames)
  w.set(inc.oldPools, byBigint, field.putI64)
  field.encodeOsdAddrs(w, inc.newUpClient)
  field.encodeFlagsByNumber(w, inc.newState)
  field.encodeFlagsByNumber(w, inc.newWeight)
  field.encodePgOsds(w, inc.newPgTemp)
  field.encodePgOsd(w, inc.newPrimaryTemp)
  field.encodeFlagsByNumber(w, inc.newPrimaryAffinity)
  field.encodeProfiles(w, inc.newErasureCodeProfiles)
  w.array(inc.oldErasureCodeProfiles, field.putString)
  field.encodePgOsds(w, inc.newPgUpmap)
  field.encodePgSet(w, inc.oldPgUpmap)
  field.encodePgItems(w, inc.newPgUpmapItems)
  field.encodePgSet(w, inc.oldPgUpmapItems)
  field.encodePoolSnaps(w, inc.newRemovedSnaps)
  field.encodePoolSnaps(w, inc.newPurgedSnaps)
  encodeUtime(w, inc.newLastUpChange)
  encodeUtime(w, inc.newLastInChange)
}

const encodeOsdSection = (w: Writer, inc: Incremental): void => {
  field.encodeOsdAddrs(w, inc.newHbBackUp)
  field.encodeFlagsByNumber(w, inc.newUpThru)
  field.encodeByNumber(w, inc.newLastCleanInterval, (out, [begin, end]) => {
    out.u32(begin)
    out.u32(end)
  })
  field.encodeFlagsByNumber(w, inc.newLost)
  field.encodeBlocklist(w, inc.newBlocklist)
  w.array(inc.oldBlocklist, field.encodeAddrKey)
  field.encodeOsdAddrs(w, inc.newUpCluster)
  w.string(inc.clusterSnapshot)
  field.encodeByNumber(w, inc.newUuid, encodeUuid)
  field.encodeByNumber(w, inc.newXinfo, encodeOsdXinfo)
  field.encodeOsdAddrs(w, inc.newHbFrontUp)
  w.u64(inc.encodeFeatures)
  w.f32(inc.newNearfullRatio)
  w.f32(inc.newFullRatio)
  w.f32(inc.newBackfillfullRatio)
  w.u8(inc.newRequireMinCompatClient)
  w.u8(inc.newRequireOsdRelease)
  field.encodeFlagsByNumber(w, inc.newCrushNodeFlags)
  field.encodeFlagsByNumber(w, inc.newDeviceClassFlags)
  const version = osdSectionVersion(inc)
  if (version >= OSD_V_STRETCH) encodeStretchChange(w, inc)
  if (version >= OSD_V_RANGE_BLOCKLIST) {
    field.encodeBlocklist(w, inc.newRangeBlocklist)
    w.array(inc.oldRangeBlocklist, field.encodeAddrKey)
  }
}

const encodeStretchChange = (w: Writer, inc: Incremental): void => {
  w.bool(inc.changeStretchMode)
  w.u32(inc.newStretchMode.bucketCount)
  w.u32(inc.newStretchMode.degraded)
  w.u32(inc.newStretchMode.recovering)
  w.i32(inc.newStretchMode.bucket)
  w.bool(inc.newStretchMode.enabled)
}

/** Reads an incremental without looking at its checksum; see `incrementalOf`. */
export const decodeIncremental = (r: Reader): Incremental =>
  r.versioned(8, (structV) => {
    if (!r.failed && structV < 8) r.bad(`OSDMap::Incremental version ${structV}`)
    const client = r.versioned(CLIENT_V, (clientV) => decodeClientSection(r, clientV))
    const rest = r.versioned(OSD_V_RANGE_BLOCKLIST, (osdV) => decodeOsdSection(r, osdV))
    r.u32()
    r.u32()
    return { ...client, ...rest }
  })

const decodeClientSection = (r: Reader, structV: number) => {
  if (!r.failed && structV < CLIENT_V) r.bad(`Incremental client section version ${structV}`)
  return {
    fsid: decodeUuid(r),
    epoch: r.u32(),
    modified: decodeUtime(r),
    newPoolMax: r.i64(),
    newFlags: r.i32(),
    fullmap: r.blob(),
    crush: r.blob(),
    newMaxOsd: r.i32(),
    newPools: field.decodePools(r),
    newPoolNames: field.decodePoolNames(r),
    oldPools: r.set(r.i64),
    newUpClient: field.decodeOsdAddrs(r),
    newState: field.decodeFlagsByNumber(r),
    newWeight: field.decodeFlagsByNumber(r),
    newPgTemp: field.decodePgOsds(r),
    newPrimaryTemp: field.decodePgOsd(r),
    newPrimaryAffinity: field.decodeFlagsByNumber(r),
    newErasureCodeProfiles: field.decodeProfiles(r),
    oldErasureCodeProfiles: r.array(r.string),
    newPgUpmap: field.decodePgOsds(r),
    oldPgUpmap: field.decodePgSet(r),
    newPgUpmapItems: field.decodePgItems(r),
    oldPgUpmapItems: field.decodePgSet(r),
    newRemovedSnaps: field.decodePoolSnaps(r),
    newPurgedSnaps: field.decodePoolSnaps(r),
    newLastUpChange: decodeUtime(r),
    newLastInChange: decodeUtime(r),
  }
}

const decodeOsdSection = (r: Reader, structV: number) => {
  if (!r.failed && structV < OSD_V) r.bad(`Incremental osd section version ${structV}`)
  const fields = {
    newHbBackUp: field.decodeOsdAddrs(r),
    newUpThru: field.decodeFlagsByNumber(r),
    newLastCleanInterval: r.map(r.i32, (item) => [item.u32(), item.u32()] as const),
    newLost: field.decodeFlagsByNumber(r),
    newBlocklist: field.decodeBlocklist(r),
    oldBlocklist: r.array(field.decodeAddrKey),
    newUpCluster: field.decodeOsdAddrs(r),
    clusterSnapshot: r.string(),
    newUuid: r.map(r.i32, decodeUuid),
    newXinfo: r.map(r.i32, decodeOsdXinfo),
    newHbFrontUp: field.decodeOsdAddrs(r),
    encodeFeatures: r.u64(),
    newNearfullRatio: r.f32(),
    newFullRatio: r.f32(),
    newBackfillfullRatio: r.f32(),
    newRequireMinCompatClient: r.u8(),
    newRequireOsdRelease: r.u8(),
    newCrushNodeFlags: field.decodeFlagsByNumber(r),
    newDeviceClassFlags: field.decodeFlagsByNumber(r),
  }
  const ranges = structV >= OSD_V_RANGE_BLOCKLIST
  return {
    ...fields,
    ...(structV >= OSD_V_STRETCH ? decodeStretchChange(r) : NO_STRETCH_CHANGE),
    newRangeBlocklist: ranges ? field.decodeBlocklist(r) : new Map<never, never>(),
    oldRangeBlocklist: ranges ? r.array(field.decodeAddrKey) : [],
  }
}

const NO_STRETCH_CHANGE = { changeStretchMode: false, newStretchMode: NO_STRETCH_MODE }

const decodeStretchChange = (r: Reader) => ({
  changeStretchMode: r.bool(),
  newStretchMode: {
    bucketCount: r.u32(),
    degraded: r.u32(),
    recovering: r.u32(),
    bucket: r.i32(),
    enabled: r.bool(),
  },
})
