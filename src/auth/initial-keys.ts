/**
 * What the auth service of a new cluster commits first: rotating keys, the keys of the mkfs keyring, keys with which
 * daemons are set up, and the first global ids.
 *
 * Source: ceph src/mon/AuthMonitor.cc create_initial, _generate_bootstrap_keys, import_keyring.
 */
import { known } from '../base/assert.ts'
import { ENTITY_TYPE, type EntityName, entityNameKey } from '../codec/type/entity-name.ts'
import type { Utime } from '../codec/type/utime.ts'
import type { AuthChange } from './auth-incremental.ts'
import { generateKey } from './crypto-key.ts'
import { capsMapOf, type KeyEntry, type KeyMap, keyMapOf } from './entity-auth.ts'
import { MIN_GLOBAL_ID } from './global-id.ts'
import { addEntity, entriesInOrder } from './key-server-data.ts'
import { rotateServices } from './key-server.ts'
import type { AuthOptions } from './options.ts'

const ADMIN_CAPS = { mon: 'allow *', osd: 'allow *', mds: 'allow *', mgr: 'allow *' }
const BOOTSTRAP: readonly string[] = ['osd', 'rgw', 'mds', 'mgr', 'rbd', 'rbd-mirror']

const STANDARD: readonly (readonly [id: string, caps: Readonly<Record<string, string>>])[] = [
  ['admin', ADMIN_CAPS],
  ...BOOTSTRAP.map((what) => [`bootstrap-${what}`, { mon: `allow profile bootstrap-${what}` }] as const),
]

const clientName = (id: string): EntityName => ({ type: ENTITY_TYPE.client, id })

/** `client.admin` and the bootstrap clients, with fresh keys. */
const standardEntries = (now: Utime, entropy: Buffer): readonly KeyEntry[] =>
  STANDARD.map(([id, caps]) => ({
    name: clientName(id),
    auth: { key: generateKey(entropy, `key of client.${id}`, now), caps: capsMapOf(caps) },
  }))

/**
 * What auth version 1 changes. `keyring` is that of mkfs, undefined when no method needs keys.
 *
 * Shape: entities in name order; one without capabilities is left out.
 * Differs: a real monitor stops importing at the first entity without capabilities, which loses those after it.
 */
export const initialChanges = (
  keyring: KeyMap | undefined,
  options: AuthOptions,
  now: Utime,
  entropy: Buffer,
): readonly AuthChange[] => {
  const rotating = known(
    rotateServices(new Map(), options, now, entropy),
    'rotating keys where there were none',
  )
  const standard = keyMapOf(standardEntries(now, entropy))
  const entries = keyring === undefined ? [] : entriesInOrder(new Map([...standard, ...keyring]))
  return [
    { _tag: 'Keys', change: { op: 'setRotating', rotatingVersion: 1n, rotating } },
    ...entries
      .filter(({ auth }) => auth.caps.size > 0)
      .map((entry) => ({ _tag: 'Keys' as const, change: addEntity(entry) })),
    { _tag: 'GlobalId', maxGlobalId: MIN_GLOBAL_ID },
  ]
}

/** The keyring without the monitors' own key, which stays in the data folder. */
export const withoutMonKey = (keyring: KeyMap): KeyMap => {
  const monKey = entityNameKey({ type: ENTITY_TYPE.mon, id: '' })
  return new Map([...keyring].filter(([key]) => key !== monKey))
}
