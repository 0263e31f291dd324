/** Values of the configuration database for people and as JSON. Source: ceph src/mon/ConfigMap.cc OptionMask::dump. */
import type { JsonRecord } from '../../base/json.ts'
import { printTable, type Column } from '../../base/text-table.ts'
import type { World } from '../contract.ts'
import { printMask, type MaskedValue, type OptionMask } from './config-map.ts'
import { findOption, isRuntime, strayOption } from './known-option.ts'

export type SectionRow = readonly [section: string, value: MaskedValue]

const COLUMNS: readonly Column[] = ['WHO', 'MASK', 'LEVEL', 'OPTION', 'VALUE', 'RO'].map((heading) => ({
  heading,
  align: 'left',
}))

/** One line a value; `RO` marks options that a running daemon does not read again. */
export const printValues = (world: World, rows: readonly SectionRow[]): string =>
  printTable(
    COLUMNS,
    rows.map(([section, { name, value, mask }]) => {
      const option = findOption(world, name) ?? strayOption(name)
      return [section, printMask(mask), option.level, name, value, isRuntime(option) ? '' : '*']
    }),
  )

export const maskJson = ({ locationType, locationValue, deviceClass }: OptionMask): JsonRecord => ({
  ...(locationType === '' ? {} : { location_type: locationType, location_value: locationValue }),
  ...(deviceClass === '' ? {} : { device_class: deviceClass }),
})
