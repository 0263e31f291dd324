/**
 * The CRUSH map of a new cluster: no devices, an empty root and one rule.
 * Source: ceph src/osd/OSDMap.cc OSDMap::build_simple_crush_map, _build_crush_types.
 */
import { CRUSH_HASH_RJENKINS1, type CrushMap, RULE_OP, TUNABLES_JEWEL } from './crush-map.ts'

/** Bucket types, by number. */
export const DEFAULT_TYPES = [
  'osd',
  'host',
  'chassis',
  'rack',
  'row',
  'pdu',
  'pod',
  'room',
  'datacenter',
  'zone',
  'region',
  'root',
] as const

const ROOT_TYPE = DEFAULT_TYPES.length - 1
const ROOT_ID = -1
// Slots are added eight at first, then by doubling. Source: ceph src/crush/builder.c crush_add_bucket.
const BUCKET_SLOTS_INITIAL = 8

/**
 * `failureDomain` is the bucket type over which the replicated rule spreads copies: `osd_crush_chooseleaf_type`,
 * by default 1, host; with 0 the rule chooses devices directly.
 */
export const defaultCrushMap = (failureDomain = 1): CrushMap => ({
  maxDevices: 0,
  buckets: [
    {
      id: ROOT_ID,
      type: ROOT_TYPE,
      alg: 'straw2',
      hash: CRUSH_HASH_RJENKINS1,
      weight: 0,
      items: [],
      itemWeights: [],
    },
    ...Array.from({ length: BUCKET_SLOTS_INITIAL - 1 }, () => undefined),
  ],
  rules: [
    {
      ruleset: 0,
      type: 1,
      minSize: 1,
      maxSize: 10,
      steps: [
        { op: RULE_OP.take, arg1: ROOT_ID, arg2: 0 },
        failureDomain === 0
          ? { op: RULE_OP.choose_firstn, arg1: 0, arg2: 0 }
          : { op: RULE_OP.chooseleaf_firstn, arg1: 0, arg2: failureDomain },
        { op: RULE_OP.emit, arg1: 0, arg2: 0 },
      ],
    },
  ],
  typeNames: new Map(DEFAULT_TYPES.map((name, type) => [type, name])),
  itemNames: new Map([[ROOT_ID, 'default']]),
  ruleNames: new Map([[0, 'replicated_rule']]),
  tunables: TUNABLES_JEWEL,
  deviceClasses: new Map(),
  classNames: new Map(),
  classBuckets: new Map(),
  chooseArgs: new Map(),
})
