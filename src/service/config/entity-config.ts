/**
 * What the database says for one entity: global, then its type's section, then its own; within a section a value for
 * a nearer CRUSH bucket wins over one for a farther, and both over one for a device class.
 *
 * Source: ceph src/mon/ConfigMap.cc ConfigMap::generate_entity_map, MaskedOption::get_precision.
 */
import { byBytes } from '../../base/ordered.ts'
import {
  ENTITY_TYPE,
  entityTypeName,
  printEntityName,
  type EntityName,
} from '../../codec/type/entity-name.ts'
import type { CrushMap } from '../../map/crush/crush-map.ts'
import { itemIdOfName, locationMap } from '../../map/crush/location.ts'
import type { World } from '../contract.ts'
import type { ConfigMap, MaskedValue, OptionMask, Section } from './config-map.ts'

/** Where an entity stands. */
export interface EntityPlace {
  /** CRUSH type → bucket. */
  readonly location: ReadonlyMap<string, string>
  readonly deviceClass: string
}

export const NO_PLACE: EntityPlace = { location: new Map(), deviceClass: '' }

/** A value and the section that it comes from. */
export interface EntityValue extends MaskedValue {
  readonly section: string
}

/** Option to value, by name. */
export const entityConfig = (
  map: ConfigMap,
  crush: CrushMap,
  name: EntityName,
  place: EntityPlace,
): ReadonlyMap<string, EntityValue> => {
  const config = new Map<string, EntityValue>()
  let previous: MaskedValue | undefined
  for (const [section, values] of sectionsOf(map, name))
    for (const value of values) {
      if (!matches(value.mask, place)) continue
      // The last value taken bars less precise ones of its name that follow directly, even in the next section.
      if (previous?.name !== value.name) previous = undefined
      if (previous !== undefined && precision(previous.mask, crush) < precision(value.mask, crush)) continue
      config.set(value.name, { ...value, section })
      previous = value
    }
  return new Map([...config].sort(([a], [b]) => byBytes(a, b)))
}

const sectionsOf = (
  { global, byType, byId }: ConfigMap,
  name: EntityName,
): readonly (readonly [name: string, section: Section])[] => {
  const type = entityTypeName(name.type)
  // client.a.b hears client, client.a and client.a.b.
  const parts = printEntityName(name).split('.')
  const prefixes = parts.map((_, i) => parts.slice(0, i + 1).join('.'))
  return [
    ['global', global],
    [type, byType.get(type) ?? []],
    ...prefixes.map((prefix) => [prefix, byId.get(prefix) ?? []] as const),
  ]
}

const matches = (mask: OptionMask, { location, deviceClass }: EntityPlace): boolean =>
  (mask.deviceClass === '' || mask.deviceClass === deviceClass) &&
  (mask.locationType === '' || location.get(mask.locationType) === mask.locationValue)

// The smaller, the more precise: the number of the CRUSH type, then device classes, then everybody.
const precision = (mask: OptionMask, crush: CrushMap): number => {
  if (mask.locationType !== '')
    for (const [id, type] of crush.typeNames) if (type === mask.locationType) return id
  return crush.typeNames.size + (mask.deviceClass === '' ? 1 : 0)
}

/** Place of the CRUSH item called `item`, with `osd`'s device class when one is given. */
export const placeOf = (crush: CrushMap, item: string, osd?: number): EntityPlace => {
  const id = item === '' ? undefined : itemIdOfName(crush, item)
  const classId = osd === undefined ? undefined : crush.deviceClasses.get(osd)
  return {
    location: id === undefined ? NO_PLACE.location : locationMap(crush, id),
    deviceClass: classId === undefined ? '' : (crush.classNames.get(classId) ?? ''),
  }
}

/** Options of an entity as MConfig carries them. */
export const configFor = (
  { committed }: Pick<World, 'committed'>,
  name: EntityName,
  place: EntityPlace,
  map: ConfigMap = committed.config.map,
): ReadonlyMap<string, string> =>
  new Map(
    [...entityConfig(map, committed.osdmap.map.crush, name, place)].map(([option, { value }]) => [
      option,
      value,
    ]),
  )

/** Options for the monitor called `name` on `host`. Source: ConfigMonitor::load_config. */
export const ownConfig = (
  committed: World['committed'],
  name: string,
  host: string,
): ReadonlyMap<string, string> =>
  configFor({ committed }, { type: ENTITY_TYPE.mon, id: name }, placeOf(committed.osdmap.map.crush, host))
