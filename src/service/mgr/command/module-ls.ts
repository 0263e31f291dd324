/** `mgr module ls`. Source: ceph src/mon/MgrMonitor.cc preprocess_command. */
import { byBytes } from '../../../base/ordered.ts'
import { RELEASE } from '../../../map/release.ts'
import type { CommandHandler } from '../../contract.ts'
import { prettyOutput } from '../../reply.ts'
import { moduleJson } from '../mgr-map-json.ts'

export const mgrModuleLs: CommandHandler = {
  query: ({ committed }, _request, command) => {
    const { map } = committed.mgr
    const alwaysOn = map.alwaysOnModules.get(RELEASE.pacific) ?? new Set<string>()
    const enabled = [...map.modules].filter((name) => !alwaysOn.has(name)).sort(byBytes)
    const disabled = map.availableModules.filter((m) => !map.modules.has(m.name) && !alwaysOn.has(m.name))
    return prettyOutput(command, {
      always_on_modules: [...alwaysOn].sort(byBytes),
      enabled_modules: enabled,
      disabled_modules: disabled.map(moduleJson),
    })
  },
}
