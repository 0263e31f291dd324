/** The mgrmap as `mgr dump` shows it. Source: ceph src/mon/MgrMap.h MgrMap::dump. */
import type { JsonRecord } from '../../base/json.ts'
import { byBytes, byNumber, sortedEntries } from '../../base/ordered.ts'
import { addrvecJson, legacyAddrText } from '../../codec/type/entity-addr-json.ts'
import { printUtime } from '../../codec/type/utime.ts'
import type { MgrMap } from '../../map/mgr-map/mgr-map.ts'
import {
  MODULE_OPTION_LEVELS,
  MODULE_OPTION_TYPES,
  type ModuleInfo,
  type ModuleOption,
} from '../../map/mgr-map/module-info.ts'
import { releaseName } from '../../map/release.ts'

const optionJson = (option: ModuleOption): JsonRecord => ({
  name: option.name,
  type: MODULE_OPTION_TYPES[option.type] ?? 'unknown',
  level: MODULE_OPTION_LEVELS[option.level] ?? 'unknown',
  flags: option.flags,
  default_value: option.defaultValue,
  min: option.min,
  max: option.max,
  enum_allowed: [...option.enumAllowed].sort(byBytes),
  desc: option.desc,
  long_desc: option.longDesc,
  tags: [...option.tags].sort(byBytes),
  see_also: [...option.seeAlso].sort(byBytes),
})

export const moduleJson = (module: ModuleInfo): JsonRecord => ({
  name: module.name,
  can_run: module.canRun,
  error_string: module.errorString,
  module_options: new Map(
    sortedEntries(module.options, byBytes).map(([name, option]) => [name, optionJson(option)]),
  ),
})

export const mgrMapJson = (map: MgrMap): JsonRecord => ({
  epoch: map.epoch,
  active_gid: map.activeGid,
  active_name: map.activeName,
  active_addrs: addrvecJson(map.activeAddrs),
  active_addr: legacyAddrText(map.activeAddrs),
  active_change: printUtime(map.activeChange),
  active_mgr_features: map.activeMgrFeatures,
  available: map.available,
  standbys: [...map.standbys.values()].map((standby) => ({
    gid: standby.gid,
    name: standby.name,
    mgr_features: standby.mgrFeatures,
    available_modules: standby.availableModules.map(moduleJson),
  })),
  modules: [...map.modules].sort(byBytes),
  available_modules: map.availableModules.map(moduleJson),
  services: new Map(sortedEntries(map.services, byBytes)),
  always_on_modules: new Map(
    sortedEntries(map.alwaysOnModules, byNumber).map(([release, modules]) => [
      releaseName(release),
      [...modules].sort(byBytes),
    ]),
  ),
  last_failure_osd_epoch: map.lastFailureOsdEpoch,
  active_clients: map.clients.map((client) => addrvecJson(client.addrs)),
})
