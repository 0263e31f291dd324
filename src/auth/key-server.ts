/**
 * Lookups in the cluster's keys. A monitor asks two places: what is committed, and then its own keyring file, where
 * the key of `mon.` lives.
 *
 * Source: ceph src/auth/cephx/CephxKeyServer.cc; src/auth/KeyRing.h.
 */
import * as E from 'fp-ts/lib/Either.js'
import { byBigint } from '../base/ordered.ts'
import { ENTITY_TYPE, type EntityName, entityTypeName } from '../codec/type/entity-name.ts'
import type { Utime } from '../codec/type/utime.ts'
import type { AuthCapsInfo } from './auth-ticket.ts'
import { type CryptoKey, generateKey } from './crypto-key.ts'
import { type EntityAuth, entryOf, type KeyMap } from './entity-auth.ts'
import type { KeyServerData, RotatingByService } from './key-server-data.ts'
import type { AuthOptions } from './options.ts'
import { currentSecret, NO_SECRETS, rotateSecrets, type ServiceSecret } from './rotating-secrets.ts'

export interface KeyServer {
  readonly data: KeyServerData
  /** The monitor's own keyring. */
  readonly keyring: KeyMap
}

/** The name under which monitors know each other. */
export const MON_ENTITY: EntityName = { type: ENTITY_TYPE.mon, id: '' }

/** Services that have rotating keys, in the order in which they are rotated. */
export const ROTATING_SERVICES: readonly number[] = [
  ENTITY_TYPE.auth,
  ENTITY_TYPE.mon,
  ENTITY_TYPE.osd,
  ENTITY_TYPE.mds,
  ENTITY_TYPE.mgr,
]

export const authOf = (server: KeyServer, name: EntityName): EntityAuth | undefined =>
  entryOf(server.data.secrets, name) ?? entryOf(server.keyring, name)

/** The stored capability of `name` for `service` (`mon`, `osd`, …), empty when it has none; undefined for an unknown entity. */
export const capsOf = (server: KeyServer, name: EntityName, service: string): Buffer | undefined => {
  const auth = authOf(server, name)
  return auth === undefined ? undefined : (auth.caps.get(service) ?? Buffer.alloc(0))
}

/** The capability as a ticket for `serviceId` carries it; monitors look capabilities up, so theirs are blank. */
export const ticketCapsOf = (
  server: KeyServer,
  name: EntityName,
  serviceId: number,
): AuthCapsInfo | undefined => {
  if (serviceId === ENTITY_TYPE.mon) return { allowAll: false, caps: Buffer.alloc(0) }
  const caps = capsOf(server, name, entityTypeName(serviceId))
  return caps === undefined ? undefined : { allowAll: false, caps }
}

/** The rotating key that a ticket names; else what became of it. */
export const serviceSecretById = (
  server: KeyServer,
  serviceId: number,
  secretId: bigint,
): E.Either<string, CryptoKey> => {
  const secrets = server.data.rotating.get(serviceId)?.secrets
  const found = secrets?.get(secretId)
  if (found !== undefined) return E.right(found.key)
  const name = `key ${secretId} of service ${entityTypeName(serviceId)}`
  const ids = [...(secrets?.keys() ?? [])].sort(byBigint)
  const [oldest] = ids
  if (oldest === undefined) return E.left(`${name}, which has no keys`)
  return E.left(
    `${name}, which ${secretId < oldest ? 'has rotated away' : 'is unknown'}; there are ${ids.join(', ')}`,
  )
}

const ttlOf = (options: AuthOptions, serviceId: number): number =>
  serviceId === ENTITY_TYPE.auth ? options.monTicketTtlSeconds : options.serviceTicketTtlSeconds

/** The rotating key for a new ticket; undefined for a service without keys. */
export const currentServiceSecret = (
  server: KeyServer,
  options: AuthOptions,
  serviceId: number,
  now: Utime,
): ServiceSecret | undefined => {
  const rotating = server.data.rotating.get(serviceId)
  return rotating === undefined ? undefined : currentSecret(rotating, now, ttlOf(options, serviceId))
}

/**
 * The rotating keys after every rotation that is due; undefined when none is.
 *
 * Source: ceph src/auth/cephx/CephxKeyServer.cc KeyServer::prepare_rotating_update.
 */
export const rotateServices = (
  rotating: RotatingByService,
  options: AuthOptions,
  now: Utime,
  entropy: Buffer,
): RotatingByService | undefined => {
  const rotated = ROTATING_SERVICES.map((serviceId) => {
    const before = rotating.get(serviceId) ?? NO_SECRETS
    const generate = (id: bigint): CryptoKey => generateKey(entropy, `rotating ${serviceId} ${id}`, now)
    const after = rotateSecrets(before, now, ttlOf(options, serviceId), generate)
    return { serviceId, after, changed: after !== before }
  })
  if (!rotated.some(({ changed }) => changed)) return undefined
  return new Map([...rotating, ...rotated.map(({ serviceId, after }) => [serviceId, after] as const)])
}
