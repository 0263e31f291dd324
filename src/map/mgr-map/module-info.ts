/**
 * What a manager says of the modules it can load.
 *
 * Grammar: ModuleInfo = versioned 2/1 { string name, bool can_run, string error, map string → ModuleOption }
 *          ModuleOption = versioned 1/1 { string name, u8 type, u8 level, u32 flags, string default, string min,
 *          string max, set of string enum, string desc, string long_desc, set of string tags, set of string see_also }
 * Source: ceph src/mon/MgrMap.h MgrMap::ModuleInfo, MgrMap::ModuleOption.
 */
import { byBytes } from '../../base/ordered.ts'
import type { Reader } from '../../codec/reader.ts'
import type { Writer } from '../../codec/writer.ts'

/** Names of Option::type_t by their wire numbers. Source: ceph src/common/options.h. */
export const MODULE_OPTION_TYPES = [
  'uint',
  'int',
  'str',
  'float',
  'bool',
  'addr',
  'addrvec',
  'uuid',
  'size',
  'secs',
  'millisecs',
] as const

/** Names of Option::level_t by their wire numbers. */
export const MODULE_OPTION_LEVELS = ['basic', 'advanced', 'dev', 'unknown'] as const

export interface ModuleOption {
  readonly name: string
  /** Option::type_t, Option::level_t. */
  readonly type: number
  readonly level: number
  readonly flags: number
  readonly defaultValue: string
  readonly min: string
  readonly max: string
  readonly enumAllowed: ReadonlySet<string>
  readonly desc: string
  readonly longDesc: string
  readonly tags: ReadonlySet<string>
  readonly seeAlso: ReadonlySet<string>
}

export interface ModuleInfo {
  readonly name: string
  readonly canRun: boolean
  readonly errorString: string
  readonly options: ReadonlyMap<string, ModuleOption>
}

export const decodeModuleOption = (r: Reader): ModuleOption =>
  r.versioned(1, () => ({
    name: r.string(),
    type: r.u8(),
    level: r.u8(),
    flags: r.u32(),
    defaultValue: r.string(),
    min: r.string(),
    max: r.string(),
    enumAllowed: r.set(r.string),
    desc: r.string(),
    longDesc: r.string(),
    tags: r.set(r.string),
    seeAlso: r.set(r.string),
  }))

const putString = (w: Writer, text: string): void => w.string(text)

export const encodeModuleOption = (w: Writer, option: ModuleOption): void =>
  w.versioned(1, 1, () => {
    w.string(option.name)
    w.u8(option.type)
    w.u8(option.level)
    w.u32(option.flags)
    w.string(option.defaultValue)
    w.string(option.min)
    w.string(option.max)
    w.set(option.enumAllowed, byBytes, putString)
    w.string(option.desc)
    w.string(option.longDesc)
    w.set(option.tags, byBytes, putString)
    w.set(option.seeAlso, byBytes, putString)
  })

export const decodeModuleInfo = (r: Reader): ModuleInfo =>
  r.versioned(2, (structV) => ({
    name: r.string(),
    canRun: r.bool(),
    errorString: r.string(),
    options: structV >= 2 ? r.map(r.string, decodeModuleOption) : new Map(),
  }))

export const encodeModuleInfo = (w: Writer, module: ModuleInfo): void =>
  w.versioned(2, 1, () => {
    w.string(module.name)
    w.bool(module.canRun)
    w.string(module.errorString)
    w.map(module.options, byBytes, putString, encodeModuleOption)
  })
