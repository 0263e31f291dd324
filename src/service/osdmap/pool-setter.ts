/**
 * Variables of a pool that are fields of it, and how each is set.
 * Source: ceph src/mon/OSDMonitor.cc OSDMonitor::prepare_command_pool_set.
 */
import * as E from 'fp-ts/lib/Either.js'
import { AUTOSCALE_MODES, cacheModeName, POOL_FLAG, POOL_TYPE } from '../../map/osd-map/constant.ts'
import type { Pool } from '../../map/osd-map/pool.ts'
import { poolOptionKey } from '../../map/osd-map/pool-option.ts'
import { ERRNO } from '../errno.ts'
import { checkPgNum, checkRuleFits, defaultMinSize } from './pool-check.ts'
import { TIER_SETTERS } from './pool-setter-tier.ts'
import { loadErasureCode } from './erasure-code.ts'
import {
  invalid,
  type PoolSetter,
  type PoolVariableInput,
  refuse,
  withBool,
  withInteger,
} from './pool-variable.ts'

const SIZE_MAX = 10

const hasFlag = (pool: Pool, flag: bigint): boolean => (pool.flags & flag) !== 0n

const size: PoolSetter = (pool, input) => {
  if (hasFlag(pool, POOL_FLAG.NOSIZECHANGE))
    return refuse(
      ERRNO.EPERM,
      'pool size change is disabled; you must unset nosizechange flag for the pool first',
    )
  if (pool.type === POOL_TYPE.erasure)
    return refuse(ERRNO.ENOTSUP, 'can not change the size of an erasure-coded pool')
  return withInteger(input, (n) => {
    const { options, committed } = input.world
    if (n <= 0 || n > SIZE_MAX) return invalid(`pool size must be between 1 and ${SIZE_MAX}`)
    if (n === 1 && !options.bool('mon_allow_pool_size_one'))
      return refuse(ERRNO.EPERM, 'configuring pool size as 1 is disabled by default.')
    if (n === 1 && !input.sure)
      return refuse(
        ERRNO.EPERM,
        'WARNING: setting pool size 1 could lead to data loss without recovery. ' +
          'If you are *ABSOLUTELY CERTAIN* that is what you want, pass the flag --yes-i-really-mean-it.',
      )
    const refused =
      checkRuleFits(committed.osdmap.map, pool.crushRule, pool.type, n) ??
      checkPgNum(input.world, input.poolId, pool.pgNum, n)
    return refused === undefined
      ? E.right({ ...pool, size: n, minSize: defaultMinSize(options, n) })
      : E.left(refused)
  })
}

const minSize: PoolSetter = (pool, input) => {
  if (hasFlag(pool, POOL_FLAG.NOSIZECHANGE))
    return refuse(
      ERRNO.EPERM,
      'pool min size change is disabled; you must unset nosizechange flag for the pool first',
    )
  const least = leastCopies(pool, input)
  return withInteger(input, (n) =>
    n < least || n > pool.size
      ? invalid(`pool min_size must be between ${least} and size, which is set to ${pool.size}`)
      : E.right({ ...pool, minSize: n }),
  )
}

// Fewer chunks than hold the data are of no use.
const leastCopies = (pool: Pool, { world }: PoolVariableInput): number => {
  if (pool.type !== POOL_TYPE.erasure) return 1
  const profile = world.committed.osdmap.map.erasureCodeProfiles.get(pool.erasureCodeProfile)
  const code = loadErasureCode(profile ?? new Map<string, string>(), world.options.string('erasure_code_dir'))
  return E.isRight(code) ? code.right.dataChunks : 1
}

const tooManyGroups = (max: number): ReturnType<PoolSetter> =>
  refuse(
    ERRNO.ERANGE,
    `'pg_num' must be greater than 0 and less than or equal to ${max}` +
      " (you may adjust 'mon max pool pg num' for higher values)",
  )

const groupsMax = (input: PoolVariableInput): number => input.world.options.int('mon_max_pool_pg_num')

const optionOf = (pool: Pool, name: string): number => {
  const option = pool.options.get(poolOptionKey(name) ?? -1)
  return option?.type === 'int' ? Number(option.value) : 0
}

// Only the target is set; the manager moves the actual number towards it. pgp_num follows when it agreed before.
const pgNum: PoolSetter = (pool, input) => {
  if (hasFlag(pool, POOL_FLAG.NOPGCHANGE))
    return refuse(
      ERRNO.EPERM,
      'pool pg_num change is disabled; you must unset nopgchange flag for the pool first',
    )
  return withInteger(input, (n) => {
    if (n === pool.pgNumTarget) return E.right(pool)
    const max = groupsMax(input)
    if (n <= 0 || n > max) return tooManyGroups(max)
    const least = optionOf(pool, 'pg_num_min')
    const most = optionOf(pool, 'pg_num_max')
    if (least !== 0 && n < least) return invalid(`specified pg_num ${n} < pg_num_min ${least}`)
    // The sign is the original's.
    if (most !== 0 && n > most) return invalid(`specified pg_num ${n} < pg_num_max ${most}`)
    if (n > pool.pgNumTarget) {
      const refused = checkPgNum(input.world, input.poolId, n, pool.size)
      if (refused !== undefined) return E.left(refused)
      if (cacheModeName(pool.cacheMode) !== 'none' && !input.sure)
        return refuse(
          ERRNO.EPERM,
          'splits in cache pools must be followed by scrubs and leave sufficient free space to avoid overfilling.' +
            '  use --yes-i-really-mean-it to force.',
        )
    }
    const pgpNumTarget = pool.pgNumTarget === pool.pgpNumTarget ? n : pool.pgpNumTarget
    return E.right({ ...pool, pgNumTarget: n, pgpNumTarget })
  })
}

// The manager's way to the target: up at once, down by one group at a time, which first get ready to merge.
const pgNumActual: PoolSetter = (pool, input) =>
  withInteger(input, (n) => {
    if (n === pool.pgNum) return E.right(pool)
    const max = groupsMax(input)
    if (n < 0 || n > max) return tooManyGroups(max)
    if (hasFlag(pool, POOL_FLAG.CREATING))
      return refuse(ERRNO.EBUSY, 'cannot adjust pg_num while initial PGs are being created')
    if (n > pool.pgNum) {
      const wasMerging = pool.pgNum !== pool.pgNumPending
      return E.right({
        ...pool,
        pgNum: n,
        pgNumPending: n,
        lastForceOpResendPrenautilus: wasMerging ? input.epoch : pool.lastForceOpResendPrenautilus,
        lastForceOpResendPreluminous: input.epoch,
      })
    }
    if (n < pool.pgpNum) return invalid(`specified pg_num ${n} < pgp_num ${pool.pgpNum}`)
    if (n < pool.pgNum - 1)
      return invalid(
        `specified pg_num ${n} < pg_num (${pool.pgNum}) - 1; only single pg decrease is currently supported`,
      )
    return E.right({
      ...pool,
      pgNumPending: n,
      lastForceOpResendPrenautilus: input.epoch,
      lastForceOpResendPreluminous: input.epoch,
    })
  })

const whenPgpNumMayChange =
  (set: PoolSetter): PoolSetter =>
  (pool, input) =>
    hasFlag(pool, POOL_FLAG.NOPGCHANGE)
      ? refuse(
          ERRNO.EPERM,
          'pool pgp_num change is disabled; you must unset nopgchange flag for the pool first',
        )
      : set(pool, input)

const pgpNum: PoolSetter = (pool, input) =>
  withInteger(input, (n) => {
    if (n <= 0) return invalid(`specified pgp_num must > 0, but you set to ${n}`)
    if (n > pool.pgNumTarget) return invalid(`specified pgp_num ${n} > pg_num ${pool.pgNumTarget}`)
    return E.right({ ...pool, pgpNumTarget: n })
  })

const pgpNumActual: PoolSetter = (pool, input) =>
  withInteger(input, (n) => {
    if (n <= 0) return invalid(`specified pgp_num must > 0, but you set to ${n}`)
    if (n > pool.pgNum) return invalid(`specified pgp_num ${n} > pg_num ${pool.pgNum}`)
    if (n > pool.pgNumPending) return invalid(`specified pgp_num ${n} > pg_num_pending ${pool.pgNumPending}`)
    return E.right({ ...pool, pgpNum: n })
  })

const autoscaleMode: PoolSetter = (pool, { text }) => {
  const mode = (AUTOSCALE_MODES as readonly string[]).indexOf(text)
  return mode < 0 ? invalid(`specified invalid mode ${text}`) : E.right({ ...pool, pgAutoscaleMode: mode })
}

const crushRule: PoolSetter = (pool, { text, world }) => {
  const { map } = world.committed.osdmap
  const rule = [...map.crush.ruleNames].find(([, name]) => name === text)?.[0]
  if (rule === undefined) return refuse(ERRNO.ENOENT, `crush rule ${text} does not exist`)
  const refused = checkRuleFits(map, rule, pool.type, pool.size)
  return refused === undefined ? E.right({ ...pool, crushRule: rule }) : E.left(refused)
}

const flag =
  (bit: bigint): PoolSetter =>
  (pool, input) =>
    withBool(input, (isSet) => E.right({ ...pool, flags: isSet ? pool.flags | bit : pool.flags & ~bit }))

const hashpspool: PoolSetter = (pool, input) =>
  input.sure
    ? flag(POOL_FLAG.HASHPSPOOL)(pool, input)
    : refuse(
        ERRNO.EPERM,
        'are you SURE?  this will remap all placement groups in this pool, this triggers large data movement,' +
          ' pass --yes-i-really-mean-it if you really do.',
      )

const allowEcOverwrites: PoolSetter = (pool, input) =>
  pool.type === POOL_TYPE.erasure
    ? withBool(input, (isSet) =>
        isSet
          ? E.right({ ...pool, flags: pool.flags | POOL_FLAG.EC_OVERWRITES })
          : invalid('ec overwrites cannot be disabled once enabled'),
      )
    : invalid('ec overwrites can only be enabled for an erasure coded pool')

const fastRead: PoolSetter = (pool, input) =>
  pool.type === POOL_TYPE.replicated
    ? invalid('fast read is not supported in replication pool')
    : withBool(input, (isSet) => E.right({ ...pool, fastRead: isSet }))

/** By name; options of the pool are not among them. */
export const POOL_SETTERS: ReadonlyMap<string, PoolSetter> = new Map<string, PoolSetter>([
  ['size', size],
  ['min_size', minSize],
  ['pg_num', pgNum],
  ['pg_num_actual', pgNumActual],
  ['pgp_num', whenPgpNumMayChange(pgpNum)],
  ['pgp_num_actual', whenPgpNumMayChange(pgpNumActual)],
  ['pg_autoscale_mode', autoscaleMode],
  ['crush_rule', crushRule],
  ['nodelete', flag(POOL_FLAG.NODELETE)],
  ['nopgchange', flag(POOL_FLAG.NOPGCHANGE)],
  ['nosizechange', flag(POOL_FLAG.NOSIZECHANGE)],
  ['write_fadvise_dontneed', flag(POOL_FLAG.WRITE_FADVISE_DONTNEED)],
  ['noscrub', flag(POOL_FLAG.NOSCRUB)],
  ['nodeep-scrub', flag(POOL_FLAG.NODEEP_SCRUB)],
  ['bulk', flag(POOL_FLAG.BULK)],
  ['hashpspool', hashpspool],
  ['allow_ec_overwrites', allowEcOverwrites],
  ['fast_read', fastRead],
  ...TIER_SETTERS,
])
