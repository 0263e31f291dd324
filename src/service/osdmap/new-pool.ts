/**
 * New pools.
 *
 * Source: ceph src/mon/OSDMonitor.cc OSDMonitor::prepare_new_pool.
 */
import * as E from 'fp-ts/lib/Either.js'
import { withEntry } from '../../base/ordered.ts'
import { utimeOfMs } from '../../codec/type/utime.ts'
import { parseInteger } from '../../config/parse-number.ts'
import { AUTOSCALE_MODES, POOL_FLAG, POOL_TYPE } from '../../map/osd-map/constant.ts'
import { EMPTY_POOL, type Pool } from '../../map/osd-map/pool.ts'
import { poolOptionKey, type PoolOptions, type PoolOptionValue } from '../../map/osd-map/pool-option.ts'
import type { CommandReply, World } from '../contract.ts'
import { ERRNO } from '../errno.ts'
import { failed } from '../reply.ts'
import type { ErasureShape } from './erasure-pool.ts'
import { withInc, withPool } from './pending.ts'
import { checkPgNum, checkRuleFits, defaultMinSize, defaultReplicatedRule } from './pool-check.ts'
import type { OsdmapPending } from './state.ts'

/** What may be asked of a new pool, under the names of the command's arguments. */
export interface NewPoolRequest {
  readonly pool?: string
  readonly pg_num?: number
  readonly pgp_num?: number
  readonly pool_type?: string
  readonly erasure_code_profile?: string
  readonly rule?: string
  readonly expected_num_objects?: number
  readonly size?: number
  readonly pg_num_min?: number
  readonly pg_num_max?: number
  readonly bulk?: boolean
  readonly autoscale_mode?: string
  readonly target_size_bytes?: number
  readonly target_size_ratio?: number
}

/** `pending` with a new pool called `name`. Two clients that create the same pool at once share one. */
export const withNewPool = (
  pending: OsdmapPending,
  world: World,
  name: string,
  pool: Pool,
): OsdmapPending => {
  const { inc } = pending
  if ([...inc.newPoolNames.values()].includes(name)) return pending
  const last = inc.newPoolMax === -1n ? BigInt(world.committed.osdmap.map.poolMax) : inc.newPoolMax
  const id = last + 1n
  return withPool(
    withInc(pending, { newPoolMax: id, newPoolNames: withEntry(inc.newPoolNames, id, name) }),
    id,
    { ...pool, lastChange: inc.epoch },
  )
}

type Planned<A> = E.Either<CommandReply, A>
const refuse = (errno: (typeof ERRNO)[keyof typeof ERRNO], text: string): Planned<never> =>
  E.left(failed(errno, text))

/** The pool that `request` asks for, in all but its id; or why there cannot be one. */
export const planNewPool = (world: World, request: NewPoolRequest): Planned<Pool> =>
  plan(world, request, poolTypeAsked(world, request))

/** The type that a request names, or the default one. */
export const poolTypeAsked = (world: World, { pool_type: type = '' }: NewPoolRequest): string =>
  type === '' ? world.options.string('osd_pool_default_type') : type

const plan = (world: World, args: NewPoolRequest, typeName: string): Planned<Pool> => {
  // Only a command can say of which profile.
  if (typeName === 'erasure')
    return refuse(ERRNO.ENOTSUP, 'an erasure coded pool must be made by `osd pool create`')
  if (typeName !== 'replicated') return refuse(ERRNO.EINVAL, `unknown pool type '${typeName}'`)
  const named = namedRule(args)
  if (E.isLeft(named)) return named
  const { ruleName, expectedNumObjects } = named.right
  const { map } = world.committed.osdmap
  if (ruleName !== '' && ![...map.crush.ruleNames.values()].includes(ruleName))
    return refuse(ERRNO.ENOENT, `specified rule ${ruleName} doesn't exist`)
  if (expectedNumObjects < 0) return refuse(ERRNO.EINVAL, "'expected_num_objects' must be non-negative")
  if (args.pool === undefined || args.pool === '') return refuse(ERRNO.EINVAL, '(22) Invalid argument')
  return planReplicated(world, args, ruleName, expectedNumObjects)
}

/**
 * The rule and the expected number of objects. The command line tool puts them one argument early when the pool is
 * replicated, since it does not know that a replicated pool has no erasure code profile.
 */
const namedRule = (
  args: NewPoolRequest,
): Planned<{ readonly ruleName: string; readonly expectedNumObjects: number }> => {
  const { erasure_code_profile: profile = '', rule = '', expected_num_objects: expected = 0 } = args
  if (profile === '') return E.right({ ruleName: rule, expectedNumObjects: expected })
  if (rule === '') return E.right({ ruleName: profile, expectedNumObjects: 0 })
  const objects = parseInteger(rule)
  return E.isLeft(objects)
    ? refuse(ERRNO.EINVAL, `error parsing integer value '${rule}': ${objects.left}`)
    : E.right({ ruleName: profile, expectedNumObjects: Number(objects.right) })
}

const planReplicated = (
  world: World,
  args: NewPoolRequest,
  ruleName: string,
  expectedNumObjects: number,
): Planned<Pool> => {
  const { options } = world
  const { map } = world.committed.osdmap
  const counts = pgCounts(world, args)
  if (E.isLeft(counts)) return counts
  const crushRule =
    ruleName === ''
      ? defaultReplicatedRule(world)
      : [...map.crush.ruleNames].find(([, name]) => name === ruleName)?.[0]
  if (crushRule === undefined)
    return refuse(
      ERRNO.ENOENT,
      "No suitable CRUSH rule exists, check 'osd pool default crush *' config options",
    )
  const size = args.size === undefined || args.size === 0 ? options.int('osd_pool_default_size') : args.size
  const minSize = defaultMinSize(options, size)
  const shape = { type: POOL_TYPE.replicated, size, minSize, crushRule }
  return poolOf(world, args, counts.right, shape, expectedNumObjects)
}

/** A pool of a profile, whose rule is there. */
export const planErasure = (
  world: World,
  args: NewPoolRequest,
  counts: PgCounts,
  { profileName, ...shape }: ErasureShape,
): Planned<Pool> =>
  poolOf(
    world,
    args,
    counts,
    {
      type: POOL_TYPE.erasure,
      ...shape,
      erasureCodeProfile: profileName,
      fastRead: world.options.bool('osd_pool_default_ec_fast_read'),
    },
    args.expected_num_objects ?? 0,
  )

type Shape = Pick<Pool, 'type' | 'size' | 'minSize' | 'crushRule'> & Partial<Pool>

const poolOf = (
  world: World,
  args: NewPoolRequest,
  { pgNum, pgpNum }: PgCounts,
  shape: Shape,
  expectedNumObjects: number,
): Planned<Pool> => {
  const refused =
    checkPgNum(world, undefined, pgNum, shape.size) ??
    checkRuleFits(world.committed.osdmap.map, shape.crushRule, shape.type, shape.size)
  if (refused !== undefined) return E.left(refused)
  return E.right({
    ...poolDefaults(world, args.bulk ?? false),
    ...shape,
    expectedNumObjects: BigInt(expectedNumObjects),
    ...groups(world, pgNum, pgpNum),
    pgAutoscaleMode: autoscaleMode(world, args.autoscale_mode),
    options: poolOptions(args),
  })
}

export interface PgCounts {
  readonly pgNum: number
  readonly pgpNum: number
}

/** How many placement groups a pool shall have, and for how many places. */
export const pgCounts = ({ options }: World, args: NewPoolRequest): Planned<PgCounts> => {
  const pgNum =
    args.pg_num === undefined || args.pg_num === 0 ? options.int('osd_pool_default_pg_num') : args.pg_num
  // Without a pgp_num it is the pg_num that was asked for.
  const pgpAsked = args.pgp_num ?? args.pg_num ?? 0
  const pgpNum = (pgpAsked === 0 ? options.int('osd_pool_default_pgp_num') : pgpAsked) || pgNum
  const pgNumMax = options.int('mon_max_pool_pg_num')
  if (pgNum < 0 || pgNum > pgNumMax)
    return refuse(
      ERRNO.ERANGE,
      `'pg_num' must be greater than 0 and less than or equal to ${pgNumMax}` +
        " (you may adjust 'mon max pool pg num' for higher values)",
    )
  return pgpNum < 0 || pgpNum > pgNum
    ? refuse(
        ERRNO.ERANGE,
        `'pgp_num' must be greater than 0 and lower or equal than 'pg_num', which in this case is ${pgNum}`,
      )
    : E.right({ pgNum, pgpNum })
}

// A big pool starts with fewer groups and is split once its OSDs are there.
const groups = (world: World, pgNum: number, pgpNum: number) => {
  const max = world.options.int('mon_osd_max_initial_pgs')
  const initial = max > 0 ? Math.min(pgNum, Math.max(1, max)) : pgNum
  return {
    pgNum: initial,
    pgpNum: initial,
    pgNumPending: initial,
    pgNumTarget: pgNum,
    pgpNumTarget: pgpNum,
  }
}

const modeNumber = (name: string): number | undefined => {
  const mode = (AUTOSCALE_MODES as readonly string[]).indexOf(name)
  return mode < 0 ? undefined : mode
}

const autoscaleMode = (world: World, asked = ''): number =>
  modeNumber(asked) ?? modeNumber(world.options.string('osd_pool_default_pg_autoscale_mode')) ?? 0

const MICRO = 1_000_000

const poolDefaults = (world: World, bulk: boolean): Pool => {
  const { options } = world
  const micro = (name: string): number => Math.trunc(options.float(name) * MICRO)
  const flag = (name: string, bit: bigint): bigint => (options.bool(name) ? bit : 0n)
  return {
    ...EMPTY_POOL,
    createTime: utimeOfMs(world.now),
    objectHash: RJENKINS,
    flags:
      BigInt(options.int('osd_pool_default_flags')) |
      flag('osd_pool_default_flag_hashpspool', POOL_FLAG.HASHPSPOOL) |
      flag('osd_pool_default_flag_nodelete', POOL_FLAG.NODELETE) |
      flag('osd_pool_default_flag_nopgchange', POOL_FLAG.NOPGCHANGE) |
      flag('osd_pool_default_flag_nosizechange', POOL_FLAG.NOSIZECHANGE) |
      (bulk ? POOL_FLAG.BULK : 0n) |
      POOL_FLAG.CREATING,
    useGmtHitset: options.bool('osd_pool_use_gmt_hitset'),
    cacheTargetDirtyRatioMicro: micro('osd_pool_default_cache_target_dirty_ratio'),
    cacheTargetDirtyHighRatioMicro: micro('osd_pool_default_cache_target_dirty_high_ratio'),
    cacheTargetFullRatioMicro: micro('osd_pool_default_cache_target_full_ratio'),
    cacheMinFlushAgeSec: options.int('osd_pool_default_cache_min_flush_age'),
    cacheMinEvictAgeSec: options.int('osd_pool_default_cache_min_evict_age'),
  }
}

// CEPH_STR_HASH_RJENKINS.
const RJENKINS = 2

const poolOptions = (args: NewPoolRequest): PoolOptions => {
  const set: [number, PoolOptionValue][] = []
  const put = (name: string, value: PoolOptionValue): void => {
    const key = poolOptionKey(name)
    if (key !== undefined) set.push([key, value])
  }
  const { pg_num_min: min, pg_num_max: max, target_size_bytes: bytes, target_size_ratio: ratio } = args
  if (min !== undefined && min !== 0) put('pg_num_min', { type: 'int', value: BigInt(min) })
  if (max !== undefined && max !== 0) put('pg_num_max', { type: 'int', value: BigInt(max) })
  if (bytes !== undefined && bytes !== 0) put('target_size_bytes', { type: 'int', value: BigInt(bytes) })
  if (ratio !== undefined && ratio > 0)
    put('target_size_ratio', { type: 'double', value: Math.fround(ratio) })
  return new Map(set)
}
