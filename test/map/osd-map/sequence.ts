/** Applies recorded incrementals one after another and checks every checksum on the way. */
import assert from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
import { describeDecodeError, type DecodeError } from '../../../src/codec/error.ts'
import { TUNABLES_LEGACY } from '../../../src/map/crush/crush-map.ts'
import { defaultCrushMap } from '../../../src/map/crush/default-map.ts'
import { applyIncremental } from '../../../src/map/osd-map/apply.ts'
import { osdMapBytes, osdMapCrc } from '../../../src/map/osd-map/codec.ts'
import { fullCrcOf, incrementalBytes, incrementalOf } from '../../../src/map/osd-map/incremental-codec.ts'
import { emptyOsdMap, type OsdMap } from '../../../src/map/osd-map/osd-map.ts'

export const right = <A>(result: E.Either<DecodeError, A>): A => {
  if (E.isLeft(result)) assert.fail(describeDecodeError(result.left))
  return result.right
}

/** Before the first epoch; what it holds is replaced by the first incremental's full map. */
export const beforeFirstEpoch: OsdMap = emptyOsdMap({ ...defaultCrushMap(), tunables: TUNABLES_LEGACY })

/** The map after all of `incrementals`, each of which must re-encode and lead to its full_crc. */
export const applyAll = (incrementals: readonly Buffer[]): OsdMap =>
  incrementals.reduce((map, bytes) => {
    const inc = right(incrementalOf(bytes))
    assert.deepEqual(incrementalBytes(inc, fullCrcOf(bytes)), bytes, `incremental ${inc.epoch} re-encodes`)
    const next = right(applyIncremental(map, inc))
    assert.equal(osdMapCrc(osdMapBytes(next)), fullCrcOf(bytes), `full_crc of epoch ${inc.epoch}`)
    return next
  }, beforeFirstEpoch)
