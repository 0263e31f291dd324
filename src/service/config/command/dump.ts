/** `config dump`. Source: ceph src/mon/ConfigMonitor.cc ConfigMonitor::preprocess_command. */
import type { JsonRecord } from '../../../base/json.ts'
import type { CommandHandler, World } from '../../contract.ts'
import { formatted } from '../../reply.ts'
import type { ConfigMap, MaskedValue } from '../config-map.ts'
import { printMask } from '../config-map.ts'
import { findOption, isRuntime, strayOption } from '../known-option.ts'
import { maskJson, printValues, type SectionRow } from '../print.ts'

// The types that are shown, in this order; sections of any other name are not.
const TYPES = ['mon', 'mgr', 'osd', 'mds', 'client'] as const

export const configDump: CommandHandler = {
  query: (world, _request, command) => {
    const rows = rowsOf(world.committed.config.map)
    return formatted(
      command,
      () => rows.map(([section, value]) => valueJson(world, section, value)),
      () =>
        printValues(
          world,
          rows.map(([section, value]) => [indented(section), value]),
        ),
    )
  },
}

const rowsOf = ({ global, byType, byId }: ConfigMap): readonly SectionRow[] => {
  const rows = (section: string, values: readonly MaskedValue[]): readonly SectionRow[] =>
    values.map((value) => [section, value])
  return [
    ...rows('global', global),
    ...TYPES.flatMap((type) => [
      ...rows(type, byType.get(type) ?? []),
      ...[...byId].filter(([id]) => id.startsWith(type)).flatMap(([id, values]) => rows(id, values)),
    ]),
  ]
}

const indented = (section: string): string =>
  section === 'global' ? section : section.includes('.') ? `    ${section}` : `  ${section}`

const valueJson = (world: World, section: string, { name, value, mask }: MaskedValue): JsonRecord => {
  const option = findOption(world, name) ?? strayOption(name)
  return {
    section,
    name,
    value,
    level: option.level,
    can_update_at_runtime: isRuntime(option),
    mask: printMask(mask),
    ...maskJson(mask),
  }
}
