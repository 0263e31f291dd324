/** The map that a pending incremental leads to. */
import * as E from 'fp-ts/lib/Either.js'
import { invariant } from '../../base/assert.ts'
import { applyIncremental } from '../../map/osd-map/apply.ts'
import type { Incremental } from '../../map/osd-map/incremental.ts'
import type { OsdMap } from '../../map/osd-map/osd-map.ts'

/** `map` after `inc`, which is ours and therefore applies (asserts). */
export const projectedMap = (map: OsdMap, inc: Incremental): OsdMap => {
  const next = applyIncremental(map, inc)
  invariant(E.isRight(next), `pending incremental ${inc.epoch} does not apply to osdmap ${map.epoch}`)
  return next.right
}
