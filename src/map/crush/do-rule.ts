/** A rule applied to an input: the devices that a placement group is mapped to. Source: ceph src/crush/mapper.c crush_do_rule. */
import { type ChooseContext, chooseFirstn, chooseIndep } from './choose.ts'
import {
  bucketOf,
  type ChooseArg,
  type CrushMap,
  type CrushRuleStep,
  DEFAULT_CHOOSE_ARGS,
  RULE_OP,
} from './crush-map.ts'

/** Weights that pool `pool` maps with: its own, else those of all pools, else the buckets'. */
export const chooseArgsOf = (map: CrushMap, pool: bigint): ReadonlyMap<number, ChooseArg> | undefined =>
  map.chooseArgs.get(pool) ?? map.chooseArgs.get(DEFAULT_CHOOSE_ARGS)

/** Id of the rule for pools of this rule number, type and size; undefined when none fits. Source: crush_find_rule. */
export const findRule = (map: CrushMap, ruleset: number, type: number, size: number): number | undefined => {
  const id = map.rules.findIndex(
    (rule) => rule?.ruleset === ruleset && rule.type === type && rule.minSize <= size && size <= rule.maxSize,
  )
  return id < 0 ? undefined : id
}

// What the set_* steps of a rule change.
interface Settings {
  readonly chooseTries: number
  /** 0 for what the tunables say. */
  readonly leafTries: number
  readonly localRetries: number
  readonly localFallbackRetries: number
  readonly varyR: number
  readonly stable: number
}

const CHOOSE_OPS: ReadonlySet<number> = new Set([
  RULE_OP.choose_firstn,
  RULE_OP.choose_indep,
  RULE_OP.chooseleaf_firstn,
  RULE_OP.chooseleaf_indep,
])

/**
 * Up to `resultMax` devices of rule `ruleId` for input `x`.
 *
 * Shape: copies without holes for firstn rules; for indep rules a hole is CRUSH_ITEM_NONE. `weights` are the devices'
 *        16.16 in/out weights, by id.
 */
export const doRule = (
  map: CrushMap,
  ruleId: number,
  x: number,
  resultMax: number,
  weights: readonly number[],
  chooseArgs?: ReadonlyMap<number, ChooseArg>,
): readonly number[] => {
  const { tunables } = map
  let settings: Settings = {
    // The tunable counts retries.
    chooseTries: tunables.chooseTotalTries + 1,
    leafTries: 0,
    localRetries: tunables.chooseLocalTries,
    localFallbackRetries: tunables.chooseLocalFallbackTries,
    varyR: tunables.chooseleafVaryR,
    stable: tunables.chooseleafStable,
  }
  const result: number[] = []
  let working: readonly number[] = []
  for (const step of map.rules[ruleId]?.steps ?? []) {
    if (step.op === RULE_OP.take) working = isItem(map, step.arg1) ? [step.arg1] : working
    else if (step.op === RULE_OP.emit) {
      result.push(...working.slice(0, resultMax - result.length))
      working = []
    } else if (!CHOOSE_OPS.has(step.op)) settings = applySetting(settings, step)
    else if (working.length > 0)
      working = chooseStep({ map, x, weights, chooseArgs, settings }, step, working, resultMax)
  }
  return result
}

const isItem = (map: CrushMap, item: number): boolean =>
  item >= 0 ? item < map.maxDevices : bucketOf(map, item) !== undefined

const applySetting = (settings: Settings, { op, arg1 }: CrushRuleStep): Settings => {
  switch (op) {
    case RULE_OP.set_choose_tries:
      return arg1 > 0 ? { ...settings, chooseTries: arg1 } : settings
    case RULE_OP.set_chooseleaf_tries:
      return arg1 > 0 ? { ...settings, leafTries: arg1 } : settings
    case RULE_OP.set_choose_local_tries:
      return arg1 >= 0 ? { ...settings, localRetries: arg1 } : settings
    case RULE_OP.set_choose_local_fallback_tries:
      return arg1 >= 0 ? { ...settings, localFallbackRetries: arg1 } : settings
    case RULE_OP.set_chooseleaf_vary_r:
      return arg1 >= 0 ? { ...settings, varyR: arg1 } : settings
    case RULE_OP.set_chooseleaf_stable:
      return arg1 >= 0 ? { ...settings, stable: arg1 } : settings
    default:
      return settings
  }
}

interface StepContext {
  readonly map: CrushMap
  readonly x: number
  readonly weights: readonly number[]
  readonly chooseArgs: ReadonlyMap<number, ChooseArg> | undefined
  readonly settings: Settings
}

// Chooses below every item of the working set; the results together are the next working set.
const chooseStep = (
  { settings, ...context }: StepContext,
  step: CrushRuleStep,
  working: readonly number[],
  resultMax: number,
): readonly number[] => {
  const numrep = step.arg1 > 0 ? step.arg1 : step.arg1 + resultMax
  const toLeaves = step.op === RULE_OP.chooseleaf_firstn || step.op === RULE_OP.chooseleaf_indep
  const firstn = step.op === RULE_OP.choose_firstn || step.op === RULE_OP.chooseleaf_firstn
  const choosing: ChooseContext = {
    ...context,
    localRetries: settings.localRetries,
    localFallbackRetries: settings.localFallbackRetries,
    varyR: settings.varyR,
    stable: settings.stable !== 0,
  }
  const next: number[] = []
  for (const id of working) {
    const bucket = bucketOf(context.map, id)
    if (numrep <= 0 || bucket === undefined) continue
    const out: number[] = []
    const leaves: number[] | undefined = toLeaves ? [] : undefined
    const common = { bucket, numrep, type: step.arg2, out, leaves, tries: settings.chooseTries, parentR: 0 }
    const room = resultMax - next.length
    if (firstn) {
      const once = context.map.tunables.chooseleafDescendOnce !== 0 ? 1 : settings.chooseTries
      const recurseTries = settings.leafTries > 0 ? settings.leafTries : once
      const filled = chooseFirstn(choosing, { ...common, recurseTries }, 0, room)
      next.push(...(leaves ?? out).slice(0, filled))
    } else {
      const count = Math.min(numrep, room)
      chooseIndep(
        choosing,
        { ...common, recurseTries: settings.leafTries > 0 ? settings.leafTries : 1 },
        0,
        count,
      )
      next.push(...(leaves ?? out).slice(0, count))
    }
  }
  return next
}
