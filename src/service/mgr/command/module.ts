/**
 * `mgr module enable`, `mgr module disable`: modules that the next active manager loads. As with the original, a
 * success makes a new epoch even when nothing changed.
 *
 * Source: ceph src/mon/MgrMonitor.cc MgrMonitor::prepare_command; src/mon/MgrMap.h all_support_module, can_run_module.
 */
import * as t from 'io-ts'
import type { MgrMap } from '../../../map/mgr-map/mgr-map.ts'
import { RELEASE } from '../../../map/release.ts'
import { CephString, updateWith } from '../../args.ts'
import type { CommandHandler, CommandReply, ServicePendings } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'

const DisableArgs = t.type({ module: CephString })
const EnableArgs = t.intersection([DisableArgs, t.partial({ force: CephString })])

export const mgrModuleEnable: CommandHandler = {
  update: (_world, pendings, request, command) =>
    updateWith(EnableArgs, request, command, ({ module, force }) => {
      const refusal = whyNotEnabled(pendings.mgr.map, module, force === '--force')
      return refusal === undefined
        ? prepared(request, withModules(pendings, [...pendings.mgr.map.modules, module]), done())
        : refusal.code === 0
          ? prepared(request, { mgr: pendings.mgr }, refusal)
          : answered(request, refusal)
    }),
}

export const mgrModuleDisable: CommandHandler = {
  update: (_world, pendings, request, command) =>
    updateWith(DisableArgs, request, command, ({ module }) => {
      const { map } = pendings.mgr
      if (module === '') return answered(request, failed(ERRNO.EINVAL, ''))
      if (isAlwaysOn(map, module))
        return answered(request, failed(ERRNO.EINVAL, `module '${module}' cannot be disabled (always-on)`))
      if (!map.modules.has(module))
        return prepared(request, { mgr: pendings.mgr }, done(`module '${module}' is already disabled`))
      const left = [...map.modules].filter((name) => name !== module)
      return prepared(request, withModules(pendings, left), done())
    }),
}

const isAlwaysOn = (map: MgrMap, module: string): boolean =>
  map.alwaysOnModules.get(RELEASE.pacific)?.has(module) === true

const withModules = (pendings: ServicePendings, modules: Iterable<string>): Partial<ServicePendings> => ({
  mgr: { ...pendings.mgr, map: { ...pendings.mgr.map, modules: new Set(modules) } },
})

/** The answer when `module` is not to be enabled now. */
const whyNotEnabled = (map: MgrMap, module: string, force: boolean): CommandReply | undefined => {
  if (module === '') return failed(ERRNO.EINVAL, '')
  if (isAlwaysOn(map, module)) return done(`module '${module}' is already enabled (always-on)`)
  const info = map.availableModules.find(({ name }) => name === module)
  const hasModule = ({ name }: { readonly name: string }): boolean => name === module
  const everywhere =
    info !== undefined &&
    [...map.standbys.values()].every((standby) => standby.availableModules.some(hasModule))
  if (!everywhere && !force)
    return failed(
      ERRNO.ENOENT,
      `all mgr daemons do not support module '${module}', pass --force to force enablement`,
    )
  if (info?.canRun === false && !force)
    return failed(
      ERRNO.ENOENT,
      `module '${module}' reports that it cannot run on the active manager daemon: ` +
        `${info.errorString} (pass --force to force enablement)`,
    )
  return map.modules.has(module) ? done(`module '${module}' is already enabled`) : undefined
}
