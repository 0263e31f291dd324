/** Places of monitors in CRUSH's terms, as commands write them: `datacenter=east rack=r1`. */

/**
 * Type → name; empty when a word is no pair.
 *
 * Source: ceph src/crush/CrushWrapper.cc CrushWrapper::parse_loc_map, whose failure its callers see by the empty map.
 */
export const parseLocation = (words: readonly string[]): ReadonlyMap<string, string> => {
  const place = new Map<string, string>()
  for (const word of words) {
    const at = word.indexOf('=')
    // What came before a bad word counts.
    if (at < 0 || at === word.length - 1) break
    place.set(word.slice(0, at), word.slice(at + 1))
  }
  return place
}

export const notALocationText = (words: readonly string[]): string =>
  `We could not parse your input location to anything real; [${words.join(',')}] turned into an empty map!`
