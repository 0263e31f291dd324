/**
 * What a CRUSH map asks of those who compute placements with it.
 * Source: ceph src/crush/CrushWrapper.h, CrushWrapper.cc has_v2_rules … has_nondefault_tunables5.
 */
import {
  type CrushMap,
  type CrushRule,
  type CrushTunables,
  DEFAULT_CHOOSE_ARGS,
  RULE_OP,
} from './crush-map.ts'

/** Features that came one after another; the name of the release that brought each is `minRequiredVersion`'s. */
export interface CrushRequirement {
  readonly tunables: boolean
  readonly tunables2: boolean
  readonly tunables3: boolean
  readonly tunables5: boolean
  readonly straw2Buckets: boolean
  readonly v2Rules: boolean
  readonly v3Rules: boolean
  readonly v5Rules: boolean
  /** Weight sets that cannot be folded into the buckets' own weights. */
  readonly incompatibleChooseArgs: boolean
}

const hasStep = (rule: CrushRule, ops: readonly number[]): boolean =>
  rule.steps.some(({ op }) => ops.includes(op))

/** Whether a rule uses indep steps or sets numbers of tries. */
export const isV2Rule = (rule: CrushRule): boolean =>
  hasStep(rule, [
    RULE_OP.choose_indep,
    RULE_OP.chooseleaf_indep,
    RULE_OP.set_choose_tries,
    RULE_OP.set_chooseleaf_tries,
  ])
export const isV3Rule = (rule: CrushRule): boolean => hasStep(rule, [RULE_OP.set_chooseleaf_vary_r])
export const isV5Rule = (rule: CrushRule): boolean => hasStep(rule, [RULE_OP.set_chooseleaf_stable])

const LOCAL_TRIES_LEGACY = 2
const LOCAL_FALLBACK_TRIES_LEGACY = 5
const TOTAL_TRIES_LEGACY = 19

export const crushRequirement = (map: CrushMap): CrushRequirement => {
  const { tunables } = map
  const rules = map.rules.filter((rule) => rule !== undefined)
  return {
    tunables:
      tunables.chooseLocalTries !== LOCAL_TRIES_LEGACY ||
      tunables.chooseLocalFallbackTries !== LOCAL_FALLBACK_TRIES_LEGACY ||
      tunables.chooseTotalTries !== TOTAL_TRIES_LEGACY,
    tunables2: tunables.chooseleafDescendOnce !== 0,
    tunables3: tunables.chooseleafVaryR !== 0,
    tunables5: tunables.chooseleafStable !== 0,
    straw2Buckets: map.buckets.some((bucket) => bucket?.alg === 'straw2'),
    v2Rules: rules.some(isV2Rule),
    v3Rules: rules.some(isV3Rule),
    v5Rules: rules.some(isV5Rule),
    incompatibleChooseArgs: hasIncompatibleChooseArgs(map),
  }
}

const hasIncompatibleChooseArgs = ({ chooseArgs }: CrushMap): boolean => {
  if (chooseArgs.size === 0) return false
  const common = chooseArgs.get(DEFAULT_CHOOSE_ARGS)
  if (chooseArgs.size > 1 || common === undefined) return true
  return [...common.values()].some(
    ({ weightSet, ids }) =>
      (weightSet.length !== 0 || ids.length !== 0) && (weightSet.length !== 1 || ids.length !== 0),
  )
}

/** The oldest release whose clients can use the map. Source: CrushWrapper::get_min_required_version. */
export const minRequiredVersion = (map: CrushMap): string => {
  const needs = crushRequirement(map)
  if (needs.v5Rules || needs.tunables5) return 'jewel'
  if (needs.straw2Buckets) return 'hammer'
  if (needs.tunables3) return 'firefly'
  return needs.tunables2 || needs.tunables ? 'bobtail' : 'argonaut'
}

const LEGACY_ALGS = 0b10110
const STRAW2_ALGS = 0b110110

const profile = (
  tries: readonly [number, number, number],
  [descendOnce, varyR, stable]: readonly [number, number, number],
  allowedBucketAlgs: number,
): Omit<CrushTunables, 'strawCalcVersion'> => ({
  chooseLocalTries: tries[0],
  chooseLocalFallbackTries: tries[1],
  chooseTotalTries: tries[2],
  chooseleafDescendOnce: descendOnce,
  chooseleafVaryR: varyR,
  chooseleafStable: stable,
  allowedBucketAlgs,
})

const LEGACY_TRIES = [LOCAL_TRIES_LEGACY, LOCAL_FALLBACK_TRIES_LEGACY, TOTAL_TRIES_LEGACY] as const
const MODERN_TRIES = [0, 0, 50] as const

/** Named sets of tunables, the newest first; the straw_calc_version belongs to none. */
export const TUNABLES_PROFILES: ReadonlyMap<string, Omit<CrushTunables, 'strawCalcVersion'>> = new Map([
  ['jewel', profile(MODERN_TRIES, [1, 1, 1], STRAW2_ALGS)],
  ['hammer', profile(MODERN_TRIES, [1, 1, 0], STRAW2_ALGS)],
  ['firefly', profile(MODERN_TRIES, [1, 1, 0], LEGACY_ALGS)],
  ['bobtail', profile(MODERN_TRIES, [1, 0, 0], LEGACY_ALGS)],
  ['argonaut', profile(LEGACY_TRIES, [0, 0, 0], LEGACY_ALGS)],
])

/** Name of the set that `tunables` are, `unknown` when they are none. */
export const tunablesProfile = (tunables: CrushTunables): string => {
  for (const [name, set] of TUNABLES_PROFILES)
    if ((Object.keys(set) as (keyof typeof set)[]).every((field) => set[field] === tunables[field]))
      return name
  return 'unknown'
}
