/**
 * Keys that belong to an OSD: its own, and where its disk is encrypted the key of its lockbox and the disk's.
 *
 * Source: ceph src/mon/AuthMonitor.cc AuthMonitor::validate_osd_new, do_osd_new, validate_osd_destroy, do_osd_destroy;
 *         src/mon/KVMonitor.cc KVMonitor::validate_osd_new, do_osd_destroy.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { type AuthChange } from '../../auth/auth-incremental.ts'
import { parseCryptoKey } from '../../auth/crypto-key.ts'
import { capsMapOf, type CapsMap, entryOf, type KeyEntry } from '../../auth/entity-auth.ts'
import { addEntity, deleteEntity } from '../../auth/key-server-data.ts'
import { textOf, wireBytes } from '../../base/text.ts'
import { ENTITY_TYPE, type EntityName } from '../../codec/type/entity-name.ts'
import type { CommandReply, ServicePendings, World } from '../contract.ts'
import { ERRNO } from '../errno.ts'
import { matchExisting } from '../auth/entity-match.ts'
import { withChanges as withAuthChanges } from '../auth/state.ts'
import { KV_PREFIX, withChanges as withKvChanges } from '../kv/state.ts'
import { failed } from '../reply.ts'

/** What comes with `osd new -i`. */
export interface OsdSecrets {
  readonly osdKey: string
  readonly lockbox: { readonly key: string; readonly diskKey: string } | undefined
}

const Params = t.record(t.string, t.string)
export type OsdParams = t.TypeOf<typeof Params>

/** The input of `osd new`: a JSON object of strings, or nothing. */
export const readOsdParams = (input: Buffer): E.Either<CommandReply, OsdParams> => {
  const text = textOf(input)
  if (text.trim() === '') return E.right({})
  const json = parsedJson(text)
  return Params.is(json)
    ? E.right(json)
    : E.left(failed(ERRNO.EINVAL, 'unrecognized or malformed JSON input'))
}

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The secrets among the parameters; undefined when there are none. */
export const secretsOf = (params: OsdParams): E.Either<CommandReply, OsdSecrets | undefined> => {
  const { cephx_secret: osdKey, cephx_lockbox_secret: key, dmcrypt_key: diskKey } = params
  if (osdKey === undefined && key === undefined && diskKey === undefined) return E.right(undefined)
  if (osdKey === undefined) return E.left(failed(ERRNO.EINVAL, 'requires a cephx secret.'))
  if ((key === undefined) !== (diskKey === undefined))
    return E.left(failed(ERRNO.EINVAL, 'requires both a cephx lockbox secret and a dm-crypt key.'))
  const lockbox = key === undefined || diskKey === undefined ? undefined : { key, diskKey }
  return E.right({ osdKey, lockbox })
}

const osdName = (id: number): EntityName => ({ type: ENTITY_TYPE.osd, id: id.toString() })
const lockboxName = (uuid: string): EntityName => ({
  type: ENTITY_TYPE.client,
  id: `osd-lockbox.${uuid}`,
})
const diskKeyName = (uuid: string): string => `dm-crypt/osd/${uuid}/luks`

const OSD_CAPS = capsMapOf({ osd: 'allow *', mon: 'allow profile osd', mgr: 'allow profile osd' })
const lockboxCaps = (uuid: string): CapsMap =>
  capsMapOf({ mon: `allow command "config-key get" with key="dm-crypt/osd/${uuid}/luks"` })

const entryWith = (name: EntityName, secret: string, caps: CapsMap): KeyEntry | undefined => {
  const key = parseCryptoKey(secret)
  return key === undefined ? undefined : { name, auth: { key, caps } }
}

/** `isNew` false: everything is there already, exactly so. */
export interface SecretChange {
  readonly isNew: boolean
  readonly pendings: Pick<ServicePendings, 'auth' | 'kv'>
}

/** The keys of a new OSD, or why they cannot be made. */
export const addOsdSecrets = (
  world: World,
  pendings: ServicePendings,
  id: number,
  uuid: string,
  { osdKey, lockbox }: OsdSecrets,
): E.Either<CommandReply, SecretChange> => {
  const own = entryWith(osdName(id), osdKey, OSD_CAPS)
  if (own === undefined) return E.left(failed(ERRNO.EINVAL, 'invalid cephx secret.'))
  const box = lockbox === undefined ? undefined : entryWith(lockboxName(uuid), lockbox.key, lockboxCaps(uuid))
  if (lockbox !== undefined && box === undefined)
    return E.left(failed(ERRNO.EINVAL, 'invalid cephx lockbox secret.'))
  const entries = box === undefined ? [own] : [own, box]
  const conflict = entries.map((entry) => differs(world, entry)).find((reply) => reply !== undefined)
  if (conflict !== undefined) return E.left(conflict)
  const stored = world.store.get(KV_PREFIX, diskKeyName(uuid))
  if (lockbox !== undefined && stored !== undefined && textOf(stored) !== lockbox.diskKey)
    return E.left(failed(ERRNO.EEXIST, 'dm-crypt key already exists and does not match'))
  const missing = entries.filter(({ name }) => entryOf(world.committed.auth.keys.secrets, name) === undefined)
  const changes: readonly AuthChange[] = missing.map((entry) => ({ _tag: 'Keys', change: addEntity(entry) }))
  return E.right({
    isNew: missing.length > 0 || (lockbox !== undefined && stored === undefined),
    pendings: {
      auth: withAuthChanges(pendings.auth, changes),
      kv:
        lockbox === undefined
          ? pendings.kv
          : withKvChanges(pendings.kv, [[diskKeyName(uuid), wireBytes(lockbox.diskKey)]]),
    },
  })
}

const differs = (world: World, { name, auth }: KeyEntry): CommandReply | undefined => {
  const existing = entryOf(world.committed.auth.keys.secrets, name)
  const match = existing === undefined ? undefined : matchExisting(name, existing, auth)
  return match !== undefined && match.code < 0 ? match : undefined
}

/** Without any key of the OSD. */
export const removeOsdSecrets = (
  world: World,
  pendings: ServicePendings,
  id: number,
  uuid: string,
): Pick<ServicePendings, 'auth' | 'kv'> => {
  const names = [osdName(id), lockboxName(uuid)].filter(
    (name) => entryOf(world.committed.auth.keys.secrets, name) !== undefined,
  )
  const changes: readonly AuthChange[] = names.map((name) => ({ _tag: 'Keys', change: deleteEntity(name) }))
  const keys = [`dm-crypt/osd/${uuid}/`, `daemon-private/osd.${id}/`].flatMap((prefix) =>
    [...world.store.range(KV_PREFIX, prefix)].map(([key]) => key).filter((key) => key.startsWith(prefix)),
  )
  return {
    auth: withAuthChanges(pendings.auth, changes),
    kv: withKvChanges(
      pendings.kv,
      keys.map((key) => [key, undefined] as const),
    ),
  }
}
