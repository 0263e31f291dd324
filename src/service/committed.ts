/** Every service state has these; they mirror `<prefix>/first_committed` and `last_committed`. */
export interface Committed {
  readonly firstCommitted: bigint
  readonly lastCommitted: bigint
}
