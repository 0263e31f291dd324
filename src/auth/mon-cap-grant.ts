/** The parts of a monitor capability. Source: ceph src/mon/MonCap.h. */
import type { Constraints } from './cap-grammar.ts'

/** One grant; of service, profile and command at most one is set. */
export interface MonCapGrant {
  readonly service?: string
  readonly profile?: string
  readonly command?: string
  readonly constraints?: Constraints
  /** CAP_BITS, or CAP_ANY. */
  readonly allow: number
  /** Counts only for peers in this network. */
  readonly network?: string
  readonly fsName?: string
}

export interface MonCap {
  readonly text: string
  readonly grants: readonly MonCapGrant[]
}
