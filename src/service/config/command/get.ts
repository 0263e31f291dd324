/** `config get <who> [name]`. Source: ceph src/mon/ConfigMonitor.cc ConfigMonitor::preprocess_command. */
import * as t from 'io-ts'
import { parseEntityName, ENTITY_TYPE, type EntityName } from '../../../codec/type/entity-name.ts'
import { defaultValue, printOptionValue } from '../../../config/option-value.ts'
import type { Option } from '../../../config/option.ts'
import { CephString, queryWith } from '../../args.ts'
import type { CommandHandler, CommandReply, World } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { failed, formatted, output } from '../../reply.ts'
import { entityConfig, type EntityValue, NO_PLACE, placeOf } from '../entity-config.ts'
import { findOption, hasFlag, isRuntime, strayOption } from '../known-option.ts'
import { maskJson, printValues } from '../print.ts'
import { specialOption } from './set.ts'

const Args = t.partial({ who: CephString, key: CephString })

export const configGet: CommandHandler = {
  query: (world, _request, command) =>
    queryWith(Args, command, ({ who = '', key }) => {
      const entity = parseEntityName(who) ?? parseEntityName(`${who}.`)
      if (entity === undefined) return failed(ERRNO.EINVAL, `unrecognized entity '${who}'`)
      const values = valuesOf(world, entity, who)
      if (key !== undefined) return single(world, entity, values, key)
      const rows = [...values.values()]
      return formatted(
        command,
        () => new Map(rows.map((row) => [row.name, rowJson(world, row)])),
        () =>
          printValues(
            world,
            rows.map((row) => [row.section, row]),
          ),
      )
    }),
}

const valuesOf = (world: World, entity: EntityName, who: string): ReadonlyMap<string, EntityValue> => {
  const { crush } = world.committed.osdmap.map
  const place =
    entity.type === ENTITY_TYPE.osd ? placeOf(crush, who, Number.parseInt(entity.id, 10)) : NO_PLACE
  return entityConfig(world.committed.config.map, crush, entity, place)
}

const rowJson = (world: World, { value, section, mask, name }: EntityValue) => ({
  value,
  section,
  mask: maskJson(mask),
  can_update_at_runtime: isRuntime(findOption(world, name) ?? strayOption(name)),
})

const single = (
  world: World,
  entity: EntityName,
  values: ReadonlyMap<string, EntityValue>,
  name: string,
): CommandReply => {
  const option = findOption(world, name)
  if (option === undefined) return failed(ERRNO.ENOENT, `unrecognized key '${name}'`)
  if (name === 'fsid') return output(`${world.fsid}\n`)
  if (hasFlag(option, 'no_mon_update')) return specialOption(name)
  const value = values.get(name)?.value ?? defaultText(option, entity)
  return output(`${value}\n`)
}

// A client's default may differ from a daemon's.
const defaultText = (option: Option, { type }: EntityName): string => {
  const { daemonDefault: _, ...clientOption } = option
  return printOptionValue(defaultValue(type === ENTITY_TYPE.client ? clientOption : option))
}
