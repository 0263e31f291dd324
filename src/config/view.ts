/** Options as pure code reads them: by Ceph's name, already parsed. An unknown name is a programmer error and asserts. */
export interface OptionsView {
  readonly int: (name: string) => number
  readonly float: (name: string) => number
  readonly bool: (name: string) => boolean
  readonly string: (name: string) => string
  /** A duration option (Ceph's seconds) in milliseconds. */
  readonly ms: (name: string) => number
}
