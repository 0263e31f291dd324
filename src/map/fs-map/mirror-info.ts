/**
 * Where a file system is mirrored to.
 *
 * Grammar: MirrorInfo = versioned 1/1 { bool mirrored, set of Peer }; Peer = versioned 1/1 { string uuid, ClusterInfo };
 *          ClusterInfo = versioned 1/1 { string client_name, string cluster_name, string fs_name }.
 * Source: ceph src/mds/FSMap.cc.
 */
import { byBytes } from '../../base/ordered.ts'
import type { Reader } from '../../codec/reader.ts'
import type { Writer } from '../../codec/writer.ts'

export interface MirrorPeer {
  readonly uuid: string
  readonly clientName: string
  readonly clusterName: string
  readonly fsName: string
}

export interface MirrorInfo {
  readonly mirrored: boolean
  readonly peers: readonly MirrorPeer[]
}

export const NO_MIRROR: MirrorInfo = { mirrored: false, peers: [] }

export const decodeMirrorInfo = (r: Reader): MirrorInfo =>
  r.versioned(1, () => ({ mirrored: r.bool(), peers: r.array(decodePeer) }))

const decodePeer = (r: Reader): MirrorPeer =>
  r.versioned(1, () => ({
    uuid: r.string(),
    ...r.versioned(1, () => ({ clientName: r.string(), clusterName: r.string(), fsName: r.string() })),
  }))

export const encodeMirrorInfo = (w: Writer, info: MirrorInfo): void =>
  w.versioned(1, 1, () => {
    w.bool(info.mirrored)
    const byUuid = [...info.peers].sort((a, b) => byBytes(a.uuid, b.uuid))
    w.array(byUuid, encodePeer)
  })

const encodePeer = (w: Writer, peer: MirrorPeer): void =>
  w.versioned(1, 1, () => {
    w.string(peer.uuid)
    w.versioned(1, 1, () => {
      w.string(peer.clientName)
      w.string(peer.clusterName)
      w.string(peer.fsName)
    })
  })
