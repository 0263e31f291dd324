/** Monmaps that fellow monitors send: believed only when this monitor could live by them. */
import * as E from 'fp-ts/lib/Either.js'
import { RANK_MAX } from '../base/brand.ts'
import { describeDecodeError } from '../codec/error.ts'
import { decodeFrom } from '../codec/reader.ts'
import { decodeMonMap, type MonMap } from '../map/mon-map/mon-map.ts'
import type { Turn } from './turn.ts'

/**
 * The monmap in `bytes`.
 *
 * Errors: a phrase that says why the map is of no use: not decodable, of another cluster, or with ranks that do not
 *         name every monitor once.
 */
export const decodePeerMonmap = (turn: Turn, bytes: Buffer): E.Either<string, MonMap> => {
  const decoded = decodeFrom(decodeMonMap, bytes)
  if (E.isLeft(decoded)) return E.left(describeDecodeError(decoded.left))
  const { fsid, ranks, mons } = decoded.right
  if (fsid !== turn.state.config.fsid) return E.left(`it is of the cluster ${fsid}`)
  if (new Set(ranks).size !== mons.size || ranks.length !== mons.size)
    return E.left('its ranks do not name every monitor once')
  if (ranks.length > RANK_MAX + 1) return E.left(`it has more than ${RANK_MAX + 1} monitors`)
  return decoded
}
