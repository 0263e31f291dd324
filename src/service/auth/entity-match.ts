/**
 * Whether an entity exists exactly as somebody wants it.
 *
 * Source: ceph src/mon/AuthMonitor.cc exists_and_matches_entity.
 */
import { type CryptoKey, sameKey } from '../../auth/crypto-key.ts'
import type { CapsMap, EntityAuth } from '../../auth/entity-auth.ts'
import { byBytes, sortedEntries } from '../../base/ordered.ts'
import { type EntityName, printEntityName } from '../../codec/type/entity-name.ts'
import type { CommandReply } from '../contract.ts'
import { ERRNO } from '../errno.ts'
import { done, failed } from '../reply.ts'

export interface WantedEntity {
  /** Undefined when any key will do. */
  readonly key: CryptoKey | undefined
  readonly caps: CapsMap
}

/** Success without words when `existing` is as wanted, else what differs. */
export const matchExisting = (
  name: EntityName,
  existing: EntityAuth,
  { key, caps }: WantedEntity,
): CommandReply => {
  const entity = `entity ${printEntityName(name)}`
  if (key !== undefined && !sameKey(key, existing.key))
    return failed(ERRNO.EEXIST, `${entity} exists but key does not match`)
  if (caps.size !== existing.caps.size) return failed(ERRNO.EINVAL, `${entity} exists but caps do not match`)
  const other = differingCap(existing.caps, caps)
  return other === undefined
    ? done()
    : failed(ERRNO.EINVAL, `${entity} exists but cap ${other} does not match`)
}

/** The first service, by name, whose wanted capability is not the existing one. */
export const differingCap = (existing: CapsMap, wanted: CapsMap): string | undefined =>
  sortedEntries(wanted, byBytes).find(
    ([service, bytes]) => existing.get(service)?.equals(bytes) !== true,
  )?.[0]
