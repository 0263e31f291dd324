import type { Reader } from '../codec/reader.ts'
import type { Writer } from '../codec/writer.ts'
import { messageCodec } from './codec.ts'

/** A file system as clients need to know it. */
export interface FsInfo {
  readonly fscid: number
  readonly name: string
}

/**
 * The list of file systems.
 *
 * Grammar: u32 epoch, FSMapUser versioned 1/1 { u32 epoch, i32 legacy fscid, array of versioned 1/1 { i32 fscid,
 *          string name } }
 * Source: ceph src/messages/MFSMapUser.h; src/mds/FSMapUser.cc.
 */
export interface MFSMapUser {
  readonly _tag: 'MFSMapUser'
  readonly epoch: number
  /** File system that clients get that name none; -1 for none. */
  readonly legacyClientFscid: number
  /** By fscid, ascending. */
  readonly filesystems: readonly FsInfo[]
}

const decodeFsInfo = (r: Reader): FsInfo => r.versioned(1, () => ({ fscid: r.i32(), name: r.string() }))

const encodeFsInfo = (w: Writer, info: FsInfo): void =>
  w.versioned(1, 1, () => {
    w.i32(info.fscid)
    w.string(info.name)
  })

export const MFSMapUser = messageCodec<MFSMapUser>({
  name: 'MFSMapUser',
  type: 103,
  version: 1,
  decode: (r) => {
    r.u32()
    return r.versioned(1, () => ({
      _tag: 'MFSMapUser',
      epoch: r.u32(),
      legacyClientFscid: r.i32(),
      filesystems: r.array(decodeFsInfo),
    }))
  },
  encode: (w, m) => {
    w.u32(m.epoch)
    w.versioned(1, 1, () => {
      w.u32(m.epoch)
      w.i32(m.legacyClientFscid)
      w.array(m.filesystems, encodeFsInfo)
    })
  },
})
