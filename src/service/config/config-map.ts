/**
 * The configuration database as a value: sections of options, each possibly for some hosts or devices only.
 *
 * A key is `[section/][mask/…]option`: `global/mon_lease`, `osd.3/debug_ms`, `osd/class:ssd/osd_max_backfills`,
 * `mgr/mgr/balancer/active`. Source: ceph src/mon/ConfigMap.h, ConfigMap.cc.
 */
import { byBytes } from '../../base/ordered.ts'
import { ENTITY_TYPE } from '../../codec/type/entity-name.ts'

/** For whom a value holds besides its section; empty texts for everybody. */
export interface OptionMask {
  /** CRUSH type and name: `rack`, `r1`. */
  readonly locationType: string
  readonly locationValue: string
  readonly deviceClass: string
}

export const NO_MASK: OptionMask = { locationType: '', locationValue: '', deviceClass: '' }

export interface MaskedValue {
  readonly name: string
  readonly value: string
  readonly mask: OptionMask
}

/** By name; values of one name in the order of their keys. */
export type Section = readonly MaskedValue[]

export interface ConfigMap {
  readonly global: Section
  /** `osd` → its section. */
  readonly byType: ReadonlyMap<string, Section>
  /** `osd.3` → its section. */
  readonly byId: ReadonlyMap<string, Section>
}

export const EMPTY_CONFIG_MAP: ConfigMap = { global: [], byType: new Map(), byId: new Map() }

/** Who a value is for: a section's name, empty when only masks were given. */
export interface ConfigTarget {
  readonly section: string
  readonly mask: OptionMask
}

const TYPES: ReadonlySet<string> = new Set(Object.keys(ENTITY_TYPE))

/** `osd/class:ssd`, `host:a`, `client.admin`; undefined when a part is neither a mask nor an entity. */
export const parseTarget = (who: string): ConfigTarget | undefined => {
  let section = ''
  let mask = NO_MASK
  for (const part of who.split('/')) {
    const colon = part.indexOf(':')
    if (part === 'global') section = part
    else if (colon >= 0) mask = withMask(mask, part.slice(0, colon), part.slice(colon + 1))
    else if (TYPES.has(part.split('.', 1)[0] ?? '')) section = part
    else return undefined
  }
  return { section, mask }
}

const withMask = (mask: OptionMask, type: string, value: string): OptionMask =>
  type === 'class' ? { ...mask, deviceClass: value } : { ...mask, locationType: type, locationValue: value }

/** `rack:r1/class:hdd`; empty for no mask. */
export const printMask = ({ locationType, locationValue, deviceClass }: OptionMask): string =>
  [
    ...(locationType === '' ? [] : [`${locationType}:${locationValue}`]),
    ...(deviceClass === '' ? [] : [`class:${deviceClass}`]),
  ].join('/')

/** The key of an option for a target. */
export const configKey = ({ section, mask }: ConfigTarget, name: string): string =>
  [section === '' ? 'global' : section, printMask(mask), name].filter((part) => part !== '').join('/')

/** A key's target and option. The options of the manager's modules have slashes in their names. */
export const splitConfigKey = (key: string): readonly [who: string, name: string] => {
  const last = key.lastIndexOf('/')
  const mgr = key.indexOf('/mgr/')
  const at = mgr >= 0 ? mgr : last
  return last < 0 ? ['', key] : [key.slice(0, at), key.slice(at + 1)]
}

/** The map of entries that name their section; no entry is judged here. */
export const configMapOf = (entries: Iterable<readonly [section: string, value: MaskedValue]>): ConfigMap => {
  const sections = new Map<string, MaskedValue[]>()
  for (const [section, value] of entries) {
    const values = sections.get(section) ?? []
    values.push(value)
    sections.set(section, values)
  }
  const sorted = [...sections]
    .sort(([a], [b]) => byBytes(a, b))
    .map(([section, values]) => [section, values.sort((a, b) => byBytes(a.name, b.name))] as const)
  return {
    global: sections.get('global') ?? [],
    byType: new Map(sorted.filter(([section]) => section !== 'global' && !section.includes('.'))),
    byId: new Map(sorted.filter(([section]) => section.includes('.'))),
  }
}

/** A section by its name. */
export const sectionNamed = (map: ConfigMap, name: string): Section =>
  name === 'global' ? map.global : (map.byType.get(name) ?? map.byId.get(name) ?? [])
