/** A CRUSH map in JSON. Source: ceph src/crush/CrushWrapper.cc CrushWrapper::dump and what it calls. */
import { type Json, jsonFloat, type JsonRecord } from '../../base/json.ts'
import { byBigint, byNumber, sortedEntries } from '../../base/ordered.ts'
import {
  type ChooseArg,
  type CrushBucket,
  type CrushMap,
  type CrushRule,
  itemWeight,
  RULE_OP,
  WEIGHT_ONE,
} from './crush-map.ts'
import { crushRequirement, minRequiredVersion, tunablesProfile } from './requirement.ts'
import { classOfItem } from './tree.ts'

export const crushMapJson = (map: CrushMap): JsonRecord => ({
  devices: Array.from({ length: map.maxDevices }, (_, id) => ({
    id,
    name: map.itemNames.get(id) ?? `device${id}`,
    class: classOfItem(map, id),
  })),
  types: typesJson(map),
  buckets: map.buckets.flatMap((bucket) => (bucket === undefined ? [] : [bucketJson(map, bucket)])),
  rules: crushRulesJson(map),
  tunables: crushTunablesJson(map),
  choose_args: chooseArgsJson(map),
})

const typesJson = (map: CrushMap): readonly Json[] => [
  ...(map.typeNames.has(0) || map.typeNames.size === 0 ? [] : [{ type_id: 0, name: 'device' }]),
  ...sortedEntries(map.typeNames, byNumber).map(([id, name]) => ({ type_id: id, name })),
]

const RJENKINS1 = 0

const bucketJson = (map: CrushMap, bucket: CrushBucket): JsonRecord => ({
  id: bucket.id,
  name: map.itemNames.get(bucket.id),
  type_id: bucket.type,
  type_name: map.typeNames.get(bucket.type),
  weight: bucket.weight,
  alg: bucket.alg,
  hash: bucket.hash === RJENKINS1 ? 'rjenkins1' : 'unknown',
  items: bucket.items.map((id, pos) => ({ id, weight: itemWeight(bucket, pos), pos })),
})

/** All rules, by id. */
export const crushRulesJson = (map: CrushMap): readonly Json[] =>
  map.rules.flatMap((rule, id) => (rule === undefined ? [] : [crushRuleJson(map, id, rule)]))

export const crushRuleJson = (map: CrushMap, id: number, rule: CrushRule): JsonRecord => ({
  rule_id: id,
  rule_name: map.ruleNames.get(id),
  ruleset: rule.ruleset,
  type: rule.type,
  min_size: rule.minSize,
  max_size: rule.maxSize,
  steps: rule.steps.map((step) => stepJson(map, step)),
})

const stepJson = (map: CrushMap, { op, arg1, arg2 }: CrushRule['steps'][number]): JsonRecord => {
  const choose = (name: string): JsonRecord => ({
    op: name,
    num: arg1,
    type: map.typeNames.get(arg2) ?? '',
  })
  switch (op) {
    case RULE_OP.noop:
      return { op: 'noop' }
    case RULE_OP.take:
      return { op: 'take', item: arg1, item_name: map.itemNames.get(arg1) ?? '' }
    case RULE_OP.emit:
      return { op: 'emit' }
    case RULE_OP.choose_firstn:
      return choose('choose_firstn')
    case RULE_OP.choose_indep:
      return choose('choose_indep')
    case RULE_OP.chooseleaf_firstn:
      return choose('chooseleaf_firstn')
    case RULE_OP.chooseleaf_indep:
      return choose('chooseleaf_indep')
    case RULE_OP.set_choose_tries:
      return { op: 'set_choose_tries', num: arg1 }
    case RULE_OP.set_chooseleaf_tries:
      return { op: 'set_chooseleaf_tries', num: arg1 }
    default:
      return { opcode: op, arg1, arg2 }
  }
}

export const crushTunablesJson = (map: CrushMap): JsonRecord => {
  const { tunables } = map
  const needs = crushRequirement(map)
  const profile = tunablesProfile(tunables)
  return {
    choose_local_tries: tunables.chooseLocalTries,
    choose_local_fallback_tries: tunables.chooseLocalFallbackTries,
    choose_total_tries: tunables.chooseTotalTries,
    chooseleaf_descend_once: tunables.chooseleafDescendOnce,
    chooseleaf_vary_r: tunables.chooseleafVaryR,
    chooseleaf_stable: tunables.chooseleafStable,
    straw_calc_version: tunables.strawCalcVersion,
    allowed_bucket_algs: tunables.allowedBucketAlgs,
    profile,
    optimal_tunables: Number(profile === 'jewel'),
    legacy_tunables: Number(profile === 'argonaut'),
    minimum_required_version: minRequiredVersion(map),
    require_feature_tunables: Number(needs.tunables),
    require_feature_tunables2: Number(needs.tunables2),
    has_v2_rules: Number(needs.v2Rules),
    require_feature_tunables3: Number(needs.tunables3),
    has_v3_rules: Number(needs.v3Rules),
    has_v4_buckets: Number(needs.straw2Buckets),
    require_feature_tunables5: Number(needs.tunables5),
    has_v5_rules: Number(needs.v5Rules),
  }
}

/** Weight sets and ids that stand in for buckets' own, by pool id. */
export const chooseArgsJson = (map: CrushMap): Json =>
  new Map(
    sortedEntries(map.chooseArgs, byBigint).map(([id, args]) => [
      id.toString(),
      sortedEntries(args, byNumber).flatMap(([index, arg]) => chooseArgJson(index, arg)),
    ]),
  )

const chooseArgJson = (index: number, { weightSet, ids }: ChooseArg): readonly Json[] =>
  weightSet.length === 0 && ids.length === 0
    ? []
    : [
        {
          bucket_id: -1 - index,
          weight_set:
            weightSet.length === 0
              ? undefined
              : weightSet.map((row) => row.map((weight) => jsonFloat(Math.fround(weight / WEIGHT_ONE)))),
          ids: ids.length === 0 ? undefined : ids,
        },
      ]
