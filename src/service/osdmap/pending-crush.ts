/** The CRUSH map as the next epoch will have it. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::_get_pending_crush. */
import * as E from 'fp-ts/lib/Either.js'
import { invariant } from '../../base/assert.ts'
import { decodeFrom } from '../../codec/reader.ts'
import { decodeCrushMap } from '../../map/crush/codec.ts'
import type { CrushMap } from '../../map/crush/crush-map.ts'
import type { Incremental } from '../../map/osd-map/incremental.ts'
import type { OsdMap } from '../../map/osd-map/osd-map.ts'

export const pendingCrush = (map: OsdMap, inc: Incremental): CrushMap => {
  if (inc.crush.length === 0) return map.crush
  const crush = decodeFrom(decodeCrushMap, inc.crush)
  invariant(E.isRight(crush), 'the pending CRUSH map cannot be decoded')
  return crush.right
}
