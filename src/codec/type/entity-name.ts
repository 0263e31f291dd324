/**
 * The two names of a Ceph entity: EntityName (type and text id: `client.admin`, what keys belong to) and
 * entity_name_t (type and number: `osd.3`, `mon.0`, `client.4123`, what messages come from).
 */
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export const ENTITY_TYPE = { mon: 0x01, mds: 0x02, osd: 0x04, client: 0x08, mgr: 0x10, auth: 0x20 } as const
export type EntityTypeName = keyof typeof ENTITY_TYPE

const TYPE_NAMES: ReadonlyMap<number, EntityTypeName> = new Map(
  (Object.keys(ENTITY_TYPE) as EntityTypeName[]).map((name) => [ENTITY_TYPE[name], name]),
)

const TYPE_NUMBERS: ReadonlyMap<string, number> = new Map(Object.entries(ENTITY_TYPE))

/** `mon`, `osd`, …; `unknown` for a number that is none of them. */
export const entityTypeName = (type: number): EntityTypeName | 'unknown' => TYPE_NAMES.get(type) ?? 'unknown'

/** Grammar: u32 type, string id. Source: ceph src/common/entity_name.h. */
export interface EntityName {
  readonly type: number
  readonly id: string
}

export const decodeEntityName = (r: Reader): EntityName => ({ type: r.u32(), id: r.string() })

export const encodeEntityName = (w: Writer, name: EntityName): void => {
  w.u32(name.type)
  w.string(name.id)
}

/** `client.admin`; `mon.` for a monitor's shared name, whose id is empty. */
export const printEntityName = (name: EntityName): string => `${entityTypeName(name.type)}.${name.id}`

/** Inverse of `printEntityName`; undefined when there is no dot or the type is unknown. */
export const parseEntityName = (text: string): EntityName | undefined => {
  const dot = text.indexOf('.')
  if (dot < 0) return undefined
  const type = TYPE_NUMBERS.get(text.slice(0, dot))
  return type === undefined ? undefined : { type, id: text.slice(dot + 1) }
}

/** Order of a std::map keyed by EntityName: type, then the bytes of the id. */
export const entityNameKey = (name: EntityName): string => `${String(name.type).padStart(3, '0')}.${name.id}`

/** Grammar: u8 type, i64 number; -1 is "new". Source: ceph src/msg/msg_types.h entity_name_t. */
export interface EntityNumber {
  readonly type: number
  readonly num: bigint
}

export const decodeEntityNumber = (r: Reader): EntityNumber => ({ type: r.u8(), num: r.i64() })

export const encodeEntityNumber = (w: Writer, name: EntityNumber): void => {
  w.u8(name.type)
  w.i64(name.num)
}

/** `osd.3`; `client.?` while the number is not known. */
export const printEntityNumber = (name: EntityNumber): string =>
  `${entityTypeName(name.type)}.${name.num < 0n ? '?' : name.num}`
