/**
 * What is known of an option: from the table of Ceph's own, or from what the manager says of its modules'.
 *
 * Source: ceph src/common/options.h Option; src/mon/MgrMonitor.cc MgrMonitor::find_module_option, update_from_paxos.
 */
import { OPTIONS, type Option } from '../../config/option.ts'
import {
  MODULE_OPTION_LEVELS,
  MODULE_OPTION_TYPES,
  type ModuleInfo,
  type ModuleOption,
} from '../../map/mgr-map/module-info.ts'
import type { World } from '../contract.ts'

const FLAGS: readonly (readonly [bit: number, name: string])[] = [
  [0x1, 'runtime'],
  [0x2, 'no_mon_update'],
  [0x4, 'startup'],
  [0x8, 'cluster_create'],
  [0x10, 'create'],
]
const RUNTIME = 0x1
const NOT_AT_RUNTIME = 0x4 | 0x8 | 0x10

/** The option called `name`, undefined when neither Ceph nor a module has one. */
export const findOption = (world: World, name: string): Option | undefined =>
  OPTIONS.get(name) ?? findModuleOption(world.committed.mgr.map.availableModules, name)

/** Names of the modules' options, in order. */
export const moduleOptionNames = (world: World): readonly string[] =>
  world.committed.mgr.map.availableModules
    .flatMap((module) => [...module.options.values()].map((option) => `mgr/${module.name}/${option.name}`))
    .sort()

// `mgr/MODULE/OPTION`, or `mgr/MODULE/INSTANCE/OPTION` for one manager's own value.
const MODULE_OPTION = /^mgr\/([^/]+)\/(?:[^/]*\/)?(.+)$/

const findModuleOption = (modules: readonly ModuleInfo[], name: string): Option | undefined => {
  const [, module = '', option = ''] = MODULE_OPTION.exec(name) ?? []
  const known = modules.find((info) => info.name === module)?.options.get(option)
  return known === undefined ? undefined : optionOfModule(`mgr/${module}/${option}`, known)
}

const optionOfModule = (name: string, option: ModuleOption): Option => ({
  name,
  type: MODULE_OPTION_TYPES[option.type] ?? 'str',
  level: MODULE_OPTION_LEVELS[option.level] ?? 'unknown',
  flags: FLAGS.filter(([bit]) => (option.flags & bit) !== 0).map(([, flag]) => flag),
  runtime: (option.flags & RUNTIME) !== 0 && (option.flags & NOT_AT_RUNTIME) === 0,
  seeAlso: [...option.seeAlso],
  tags: [...option.tags],
  ...(option.defaultValue === '' ? {} : { default: option.defaultValue }),
  ...(option.min === '' || option.max === '' ? {} : { min: option.min, max: option.max }),
  ...(option.enumAllowed.size === 0 ? {} : { enumValues: [...option.enumAllowed] }),
})

/** What is assumed of a name that nobody knows. */
export const strayOption = (name: string): Option => ({ name, type: 'str', level: 'unknown' })

export const hasFlag = (option: Option, flag: string): boolean => option.flags?.includes(flag) === true

/** May a running daemon take a new value? */
export const isRuntime = (option: Option): boolean => option.runtime === true
