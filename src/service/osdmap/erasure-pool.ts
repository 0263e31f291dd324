/** What an erasure coded pool takes from its profile. Source: ceph src/mon/OSDMonitor.cc prepare_pool_size, prepare_pool_stripe_width. */
import * as E from 'fp-ts/lib/Either.js'
import { parseSize } from '../../config/parse-number.ts'
import type { ServicePendings, World } from '../contract.ts'
import { ERRNO } from '../errno.ts'
import { failed } from '../reply.ts'
import { erasureCodeOf, erasureRule, type Undecided } from './erasure-rule.ts'
import type { NewPoolRequest } from './new-pool.ts'
import type { OsdmapPending } from './state.ts'

export interface ErasureShape {
  readonly profileName: string
  readonly crushRule: number
  readonly size: number
  readonly minSize: number
  readonly stripeWidth: number
}

export const DEFAULT_PROFILE = 'default'
const U32_MAX = 0xffffffff

/** The shape of the pool, or what must be committed before: its rule. */
export const erasureShape = (
  world: World,
  pendings: ServicePendings,
  { pool = '', erasure_code_profile: asked = '', rule = '' }: NewPoolRequest,
): E.Either<Undecided | { readonly first: OsdmapPending }, ErasureShape> => {
  const profileName = asked === '' ? DEFAULT_PROFILE : asked
  const ruleName = rule !== '' ? rule : profileName === DEFAULT_PROFILE ? 'erasure-code' : pool
  if (rule !== '' && ![...world.committed.osdmap.map.crush.ruleNames.values()].includes(rule))
    return E.left(failed(ERRNO.ENOENT, `specified rule ${rule} doesn't exist`))
  const made = erasureRule(world, pendings, ruleName, profileName)
  if (E.isLeft(made)) return made
  if (made.right.existed !== 'committed') return E.left({ first: made.right.osdmap })
  const loaded = erasureCodeOf(world, pendings, profileName)
  if (E.isLeft(loaded)) return loaded
  const { profile, dataChunks, codingChunks, chunkBytes } = loaded.right
  const given = profile.get('stripe_unit')
  const unit = given === undefined ? undefined : parseSize(given)
  const unitBytes =
    unit !== undefined && E.isRight(unit)
      ? Number(unit.right)
      : world.options.int('osd_pool_erasure_code_stripe_unit')
  const stripeWidth = dataChunks * chunkBytes(unitBytes * dataChunks)
  if (!(stripeWidth >= 0 && stripeWidth <= U32_MAX))
    return E.left(failed(ERRNO.EINVAL, `stripe width ${stripeWidth} is not between 0 and ${U32_MAX}`))
  return E.right({
    profileName,
    crushRule: made.right.id,
    size: dataChunks + codingChunks,
    minSize: dataChunks + Math.min(1, codingChunks - 1),
    stripeWidth,
  })
}
