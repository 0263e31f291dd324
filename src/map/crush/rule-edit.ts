/** Rules. Source: ceph src/crush/CrushWrapper.cc CrushWrapper::add_simple_rule_at. */
import { type CrushRule, RULE_OP } from './crush-map.ts'
import type { CrushDraft } from './draft.ts'

export interface SimpleRule {
  readonly name: string
  /** Id of the bucket to begin at. */
  readonly root: number
  /** CRUSH type over which copies are spread; 0 for devices. */
  readonly failureDomain: number
  readonly mode: 'firstn' | 'indep'
  /** POOL_TYPE. */
  readonly poolType: number
  /** The most copies or chunks that it is for; by its mode when left out. */
  readonly maxSize?: number
}

// An indep rule is for erasure coded pools, which are wider and harder to map.
const SIZES = { firstn: [1, 10], indep: [3, 20] } as const
const INDEP_TRIES = [
  { op: RULE_OP.set_chooseleaf_tries, arg1: 5, arg2: 0 },
  { op: RULE_OP.set_choose_tries, arg1: 100, arg2: 0 },
] as const

/** Adds a rule that takes a bucket and chooses as many leaves as there are copies; the id of the rule. */
export const addSimpleRule = (draft: CrushDraft, rule: SimpleRule): number => {
  const free = draft.rules.findIndex((other) => other === undefined)
  const id = free < 0 ? draft.rules.length : free
  draft.rules[id] = ruleOf(rule, id)
  draft.ruleNames.set(id, rule.name)
  return id
}

const ruleOf = ({ root, failureDomain, mode, poolType, ...rule }: SimpleRule, id: number): CrushRule => {
  const [minSize, maxSizeOfMode] = SIZES[mode]
  const choose =
    failureDomain === 0
      ? { firstn: RULE_OP.choose_firstn, indep: RULE_OP.choose_indep }
      : { firstn: RULE_OP.chooseleaf_firstn, indep: RULE_OP.chooseleaf_indep }
  return {
    ruleset: id,
    type: poolType,
    minSize,
    maxSize: rule.maxSize ?? maxSizeOfMode,
    steps: [
      ...(mode === 'indep' ? INDEP_TRIES : []),
      { op: RULE_OP.take, arg1: root, arg2: 0 },
      { op: choose[mode], arg1: 0, arg2: failureDomain },
      { op: RULE_OP.emit, arg1: 0, arg2: 0 },
    ],
  }
}
