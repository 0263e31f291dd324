/**
 * The schema of 16.2.15's options, from options.json (made by test/capture/option-table.ts from a running monitor):
 * facts, not descriptions.
 */
import * as t from 'io-ts'
import { invariant, known } from '../base/assert.ts'
import table from './options.json' with { type: 'json' }

export const OPTION_TYPES = [
  'bool',
  'int',
  'uint',
  'str',
  'float',
  'size',
  'secs',
  'millisecs',
  'addr',
  'addrvec',
  'uuid',
] as const
export type OptionType = (typeof OPTION_TYPES)[number]

/** int, uint, size, secs and millisecs are bigint; float is number; str, addr, addrvec and uuid are their text. */
export type OptionValue = bigint | number | boolean | string

const keyof = <K extends string>(keys: readonly K[]): t.KeyofC<Record<K, null>> =>
  t.keyof(Object.fromEntries(keys.map((key) => [key, null])) as Record<K, null>)

const Row = t.intersection([
  t.strict({
    name: t.string,
    type: keyof(OPTION_TYPES),
    level: keyof(['basic', 'advanced', 'dev', 'unknown']),
  }),
  t.partial({
    default: t.string,
    /** Default in a daemon, where it is another than elsewhere. */
    daemonDefault: t.string,
    min: t.string,
    max: t.string,
    enumValues: t.readonlyArray(t.string),
    flags: t.readonlyArray(t.string),
    services: t.readonlyArray(t.string),
    tags: t.readonlyArray(t.string),
    seeAlso: t.readonlyArray(t.string),
    /** May be changed while the daemon runs. */
    runtime: t.boolean,
    /** Something in the original hears of each change; of others it says that they may need a restart. */
    observed: t.boolean,
    /** The log and gather level of a subsystem: `N` or `N/M`. */
    subsystem: t.boolean,
  }),
])

export type Option = t.TypeOf<typeof Row>

// Asked whether it is one, not decoded: that makes no copies, and every start of a program waits for it.
const rows: unknown = table
invariant(t.readonlyArray(Row).is(rows), 'options.json does not hold a table of options')

/** What this monitor has beyond the original. */
const OWN_OPTIONS: readonly Option[] = [
  // Propose as soon as nothing is being proposed; false keeps the original's timing (paxos_propose_interval).
  {
    name: 'monclave_propose_when_idle',
    type: 'bool',
    level: 'advanced',
    default: 'true',
    runtime: true,
    observed: true,
  },
  // File for one line of JSON for each handled event of election and Paxos; empty for none.
  { name: 'monclave_trace', type: 'str', level: 'dev', default: '' },
]

/** Every option by name, in the order of the original's table, our own last. */
export const OPTIONS: ReadonlyMap<string, Option> = new Map(
  [...rows, ...OWN_OPTIONS].map((row) => [row.name, row]),
)

/** The option that the caller knows to exist. */
export const optionNamed = (name: string): Option => known(OPTIONS.get(name), `an option named ${name}`)

/** Spaces and dashes of a name as the schema writes it. Source: ceph src/common/ConfUtils.cc normalize_key_name. */
export const optionNameOf = (text: string): string => text.trim().replace(/\s+/g, '_')
