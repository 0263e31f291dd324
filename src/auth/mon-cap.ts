/**
 * MonCap: what an entity may ask of the monitors.
 *
 * Grammar: MonCap = versioned 4/4 { string text }
 * Source:  ceph src/mon/MonCap.h, MonCap.cc.
 */
import type { Reader } from '../codec/reader.ts'
import type { EntityAddr } from '../codec/type/entity-addr.ts'
import type { EntityName } from '../codec/type/entity-name.ts'
import type { Writer } from '../codec/writer.ts'
import { CAP_ALL, CAP_ANY, CAP_BITS, type StringConstraint } from './cap-grammar.ts'
import { networkContains } from './cap-network.ts'
import { parseMonCap } from './mon-cap-grammar.ts'
import type { MonCap, MonCapGrant } from './mon-cap-grant.ts'
import { expandProfile } from './mon-cap-profile.ts'
import { matchesPosixExtended } from './posix-regex.ts'

export type { MonCap, MonCapGrant }

/** Everything: fellow monitors, and everybody under auth method none. */
export const ALLOW_ALL: MonCap = { text: 'allow *', grants: [{ allow: CAP_ANY }] }

/** Nothing. */
export const ALLOW_NOTHING: MonCap = { text: '', grants: [] }

export const isAllowAllGrant = (grant: MonCapGrant): boolean =>
  grant.allow === CAP_ANY &&
  grant.service === undefined &&
  grant.profile === undefined &&
  grant.command === undefined &&
  grant.fsName === undefined

/** Whether a grant, of any network, allows everything. */
export const isAllowAll = (cap: MonCap): boolean => cap.grants.some(isAllowAllGrant)

export interface Capability {
  /** `osd`, `mon`, `config-key`, … */
  readonly service: string
  /** The command's prefix, when it is about a command. */
  readonly command?: string
  /** The command's arguments, as text. */
  readonly args?: ReadonlyMap<string, string>
  readonly opR?: boolean
  readonly opW?: boolean
  readonly opX?: boolean
  readonly entity: EntityName
  /** Where the peer's socket comes from. */
  readonly address: EntityAddr
}

/**
 * Whether `cap` allows what `wanted` describes. The bits of all grants that apply are taken together.
 *
 * Source: ceph src/mon/MonCap.cc MonCap::is_capable.
 */
export const isCapable = (cap: MonCap, wanted: Capability): boolean => {
  const need =
    (wanted.opR === true ? CAP_BITS.r : 0) |
    (wanted.opW === true ? CAP_BITS.w : 0) |
    (wanted.opX === true ? CAP_BITS.x : 0)
  let allowed = 0
  for (const grant of cap.grants) {
    if (grant.network !== undefined && !networkContains(grant.network, wanted.address)) continue
    if (isAllowAllGrant(grant)) return true
    allowed |= allowedBy(grant, wanted)
    if ((allowed & need) === need) return true
  }
  return false
}

// Networks inside profiles do not exist: a profile's own network was checked with its grant.
const allowedBy = (grant: MonCapGrant, wanted: Capability): number => {
  if (grant.profile !== undefined)
    return expandProfile(grant.profile, wanted.entity).reduce((bits, g) => bits | allowedBy(g, wanted), 0)
  if (grant.service !== undefined) return grant.service === wanted.service ? grant.allow : 0
  if (grant.command !== undefined) return commandAllowed(grant, wanted) ? CAP_ALL : 0
  // The config-key store holds secrets: it opens only to `*` and to grants that name it.
  return wanted.service === 'config-key' ? 0 : grant.allow
}

const commandAllowed = (grant: MonCapGrant, wanted: Capability): boolean =>
  grant.command === wanted.command &&
  [...(grant.constraints ?? [])].every(([name, constraint]) => {
    const value = wanted.args?.get(name)
    return value !== undefined && satisfies(constraint, value)
  })

const satisfies = (constraint: StringConstraint, value: string): boolean => {
  switch (constraint.match) {
    case 'equal':
      return value === constraint.value
    case 'prefix':
      return value.startsWith(constraint.value)
    case 'regex':
      return matchesPosixExtended(constraint.value, value)
  }
}

/** The file systems that `cap` is confined to; empty when a grant names none. Source: ceph src/mon/MonCap.h allowed_fs_names. */
export const allowedFsNames = (cap: MonCap): readonly string[] => {
  const names = cap.grants.flatMap((grant) => grant.fsName ?? [])
  return names.length === cap.grants.length ? names : []
}

/** Whether `cap` allows any of `bits` on the file system `fsName`. Source: ceph src/mon/MonCap.h fs_name_capable. */
export const isFsNameCapable = (cap: MonCap, entity: EntityName, fsName: string, bits: number): boolean => {
  const named = (grant: MonCapGrant): boolean => grant.fsName === undefined || grant.fsName === fsName
  return cap.grants.some(
    (grant) =>
      isAllowAllGrant(grant) ||
      (named(grant) && (bits & grant.allow) !== 0) ||
      (grant.profile !== undefined &&
        expandProfile(grant.profile, entity).some(
          (g) => (g.service === 'fs' || g.service === 'mds') && named(g) && (g.allow & bits) !== 0,
        )),
  )
}

export const encodeMonCap = (w: Writer, cap: MonCap): void => w.versioned(4, 4, () => w.string(cap.text))

/** A text that does not parse grants nothing, and reads as the empty text, as the original leaves it. */
export const decodeMonCap = (r: Reader): MonCap =>
  r.versioned(4, () => {
    const parsed = parseMonCap(r.string())
    return parsed._tag === 'Right' ? parsed.right : ALLOW_NOTHING
  })
