/** A monitor capability: parsed grants. Placeholder shape until the grammar lands; see MonCap in ceph src/mon/MonCap.h. */
export interface MonCap {
  readonly text: string
}
