/** Erasure code profiles as options and commands write them. */

/** `plugin=jerasure k=2 m=2` as a map; a key without `=` has the empty value. Source: ceph src/common/str_map.cc get_str_map. */
export const profileOfText = (text: string): ReadonlyMap<string, string> =>
  profileOfPairs(text.split(/[\s,;]+/).filter((pair) => pair !== ''))

/** `['k=2', 'm=1', 'flag']` as a map. */
export const profileOfPairs = (pairs: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
