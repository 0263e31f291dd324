/**
 * The fsmap: all file systems, and the MDS daemons that serve none.
 *
 * Grammar: FSMap = versioned 7/6 { u32 epoch, u64 next_filesystem_id, i32 legacy_client_fscid, CompatSet default,
 *            bool enable_multiple, array of Filesystem, map u64 gid → i32 fscid, map u64 → mds_info_t standbys,
 *            map u64 → u32 standby epochs, bool ever_enabled_multiple }
 *          Filesystem = versioned 2/1 { i32 fscid, blob MDSMap, MirrorInfo }
 * Source: ceph src/mds/FSMap.cc.
 */
import * as E from 'fp-ts/lib/Either.js'
import { byBigint, byNumber } from '../../base/ordered.ts'
import { decodeFrom, type Reader } from '../../codec/reader.ts'
import { type CompatSet, decodeCompatSet, encodeCompatSet } from '../../codec/type/compat-set.ts'
import { encoded, type Writer } from '../../codec/writer.ts'
import { MDS_COMPAT_DEFAULT } from './compat.ts'
import { decodeMdsInfo, encodeMdsInfo, FSCID_NONE, type MdsInfo } from './mds-info.ts'
import { decodeMdsMap, EMPTY_MDS_MAP, type MdsMap, mdsMapBytes } from './mds-map.ts'
import { decodeMirrorInfo, encodeMirrorInfo, type MirrorInfo } from './mirror-info.ts'

export interface Filesystem {
  readonly fscid: number
  readonly mdsMap: MdsMap
  readonly mirrorInfo: MirrorInfo
}

export interface FsMap {
  readonly epoch: number
  readonly nextFilesystemId: bigint
  /** The file system that clients get who ask for none; -1 for none. */
  readonly legacyClientFscid: number
  readonly defaultCompat: CompatSet
  readonly enableMultiple: boolean
  readonly everEnabledMultiple: boolean
  /** By fscid. */
  readonly filesystems: ReadonlyMap<number, Filesystem>
  /** gid → the file system it serves, -1 while it stands by. */
  readonly mdsRoles: ReadonlyMap<bigint, number>
  readonly standbyDaemons: ReadonlyMap<bigint, MdsInfo>
  readonly standbyEpochs: ReadonlyMap<bigint, number>
}

/** Epoch 1 of a new cluster: no file system, no daemon. */
export const INITIAL_FS_MAP: FsMap = {
  epoch: 1,
  nextFilesystemId: 1n,
  legacyClientFscid: FSCID_NONE,
  defaultCompat: MDS_COMPAT_DEFAULT,
  enableMultiple: true,
  everEnabledMultiple: true,
  filesystems: new Map(),
  mdsRoles: new Map(),
  standbyDaemons: new Map(),
  standbyEpochs: new Map(),
}

const STRUCT_V = 7
const COMPAT = 6

export const decodeFilesystem = (r: Reader): Filesystem =>
  r.versioned(2, (structV) => ({
    fscid: r.i32(),
    mdsMap: decodeEmbeddedMdsMap(r),
    mirrorInfo: structV >= 2 ? decodeMirrorInfo(r) : { mirrored: false, peers: [] },
  }))

const decodeEmbeddedMdsMap = (r: Reader): MdsMap => {
  const map = decodeFrom(decodeMdsMap, r.blob())
  if (E.isRight(map)) return map.right
  r.fail(map.left)
  return EMPTY_MDS_MAP
}

export const encodeFilesystem = (w: Writer, fs: Filesystem): void =>
  w.versioned(2, 1, () => {
    w.i32(fs.fscid)
    w.blob(mdsMapBytes(fs.mdsMap))
    encodeMirrorInfo(w, fs.mirrorInfo)
  })

export const decodeFsMap = (r: Reader): FsMap =>
  r.versioned(STRUCT_V, (structV) => {
    if (!r.failed && structV < STRUCT_V) r.bad(`FSMap version ${structV}`)
    return {
      epoch: r.u32(),
      nextFilesystemId: r.u64(),
      legacyClientFscid: r.i32(),
      defaultCompat: decodeCompatSet(r),
      enableMultiple: r.bool(),
      filesystems: new Map(r.array(decodeFilesystem).map((fs) => [fs.fscid, fs])),
      mdsRoles: r.map(r.u64, r.i32),
      standbyDaemons: r.map(r.u64, decodeMdsInfo),
      standbyEpochs: r.map(r.u64, r.u32),
      everEnabledMultiple: r.bool(),
    }
  })

const u64 = (w: Writer, n: bigint): void => w.u64(n)

export const encodeFsMap = (w: Writer, map: FsMap): void =>
  w.versioned(STRUCT_V, COMPAT, () => {
    w.u32(map.epoch)
    w.u64(map.nextFilesystemId)
    w.i32(map.legacyClientFscid)
    encodeCompatSet(w, map.defaultCompat)
    w.bool(map.enableMultiple)
    const filesystems = [...map.filesystems.values()].sort((a, b) => byNumber(a.fscid, b.fscid))
    w.array(filesystems, encodeFilesystem)
    w.map(map.mdsRoles, byBigint, u64, (out, fscid) => out.i32(fscid))
    w.map(map.standbyDaemons, byBigint, u64, encodeMdsInfo)
    w.map(map.standbyEpochs, byBigint, u64, (out, epoch) => out.u32(epoch))
    w.bool(map.everEnabledMultiple)
  })

export const fsMapBytes = (map: FsMap): Buffer => encoded((w) => encodeFsMap(w, map))
