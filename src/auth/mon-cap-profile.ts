/**
 * What the profiles of monitor capabilities stand for.
 *
 * Source: ceph src/mon/MonCap.cc MonCapGrant::expand_profile.
 */
import { type EntityName, printEntityName } from '../codec/type/entity-name.ts'
import { CAP_ALL, CAP_BITS, type StringConstraint } from './cap-grammar.ts'
import type { MonCapGrant } from './mon-cap-grant.ts'

const { r, w, x } = CAP_BITS

const service = (name: string, allow: number): MonCapGrant => ({ service: name, allow })

const command = (
  name: string,
  constraints: Readonly<Record<string, StringConstraint>> = {},
): MonCapGrant => ({
  command: name,
  constraints: new Map(Object.entries(constraints)),
  allow: 0,
})

const equal = (value: string): StringConstraint => ({ match: 'equal', value })
const prefix = (value: string): StringConstraint => ({ match: 'prefix', value })
const regex = (value: string): StringConstraint => ({ match: 'regex', value })

// An address with a nonce: a client may be shut out, a whole host may not.
const ADDR_WITH_NONCE = regex('^[^/]+/[0-9]+$')
const RBD_OSD_CAPS = regex(
  `^([ ,]*profile(=|[ ]+)['"]?rbd[^ ,'"]*['"]?([ ]+pool(=|[ ]+)['"]?[^,'"]+['"]?)?)+$`,
)

const READ_MON = service('mon', r)
const READ_MAPS = [READ_MON, service('osd', r)]
const READ_PGS = [...READ_MAPS, service('pg', r)]
const READ_FS = [READ_MON, service('mds', r), service('osd', r), service('pg', r)]
const BLOCKLIST_ADD = command('osd blocklist', { blocklistop: equal('add'), addr: ADDR_WITH_NONCE })
const BLACKLIST_ADD = command('osd blacklist', { blacklistop: equal('add'), addr: ADDR_WITH_NONCE })

const getOrCreate = (constraints: Readonly<Record<string, StringConstraint>>): MonCapGrant =>
  command('auth get-or-create', constraints)

const bootstrap = (...grants: readonly MonCapGrant[]): readonly MonCapGrant[] => [
  ...READ_MAPS,
  command('mon getmap'),
  ...grants,
]

const bootstrapRbd = (monProfile: string): readonly MonCapGrant[] => [
  READ_MON,
  getOrCreate({
    entity: prefix('client.'),
    caps_mon: equal(`profile ${monProfile}`),
    caps_osd: RBD_OSD_CAPS,
  }),
]

const PROFILES: ReadonlyMap<string, readonly MonCapGrant[]> = new Map([
  ['read-only', [{ allow: r }]],
  ['read-write', [{ allow: r | w }]],
  ['mon', [service('mon', CAP_ALL), service('log', CAP_ALL)]],
  [
    'osd',
    [
      service('osd', CAP_ALL),
      READ_MON,
      service('pg', r | w),
      service('log', w),
      command('config set', { name: regex('osd_mclock_max_capacity_iops_(hdd|ssd)') }),
    ],
  ],
  [
    'mds',
    [
      service('mds', CAP_ALL),
      ...READ_MAPS,
      command('osd pool rmsnap'),
      command('osd blocklist'),
      command('osd blacklist'),
      service('log', w),
    ],
  ],
  [
    'mgr',
    [
      service('mgr', CAP_ALL),
      ...['log', 'mon', 'mds', 'fs', 'osd', 'config-key', 'config'].map((name) => service(name, r | w)),
      service('auth', r | w | x),
      ...['auth get-or-create', 'auth caps', 'auth rm', 'smart'].map((name) => command(name)),
    ],
  ],
  ['bootstrap-osd', bootstrap(command('osd new'), command('osd purge-new'))],
  [
    'bootstrap-mds',
    bootstrap(
      getOrCreate({
        entity: prefix('mds.'),
        caps_mon: equal('allow profile mds'),
        caps_osd: equal('allow rwx'),
        caps_mds: equal('allow'),
      }),
    ),
  ],
  ['bootstrap-mgr', bootstrap(getOrCreate({ entity: prefix('mgr.'), caps_mon: equal('allow profile mgr') }))],
  [
    'bootstrap-rgw',
    bootstrap(
      getOrCreate({
        entity: prefix('client.rgw.'),
        caps_mon: equal('allow rw'),
        caps_osd: equal('allow rwx'),
      }),
    ),
  ],
  ['bootstrap-rbd', bootstrapRbd('rbd')],
  ['bootstrap-rbd-mirror', bootstrapRbd('rbd-mirror')],
  ['fs-client', READ_FS],
  ['simple-rados-client', READ_PGS],
  ['simple-rados-client-with-blocklist', [...READ_PGS, BLOCKLIST_ADD]],
  ['rbd-mirror', [command('config-key get', { key: prefix('rbd/mirror/') })]],
  [
    'rbd-mirror-peer',
    [
      command('config-key get', { key: regex('rbd/mirror/[^/]+') }),
      command('config-key set', { key: prefix('rbd/mirror/peer/') }),
    ],
  ],
  ['crash', [READ_MON]],
  ['cephfs-mirror', [...READ_FS, command('config-key get', { key: prefix('cephfs/mirror/peer/') })]],
  ['role-definer', [READ_MON, service('auth', CAP_ALL)]],
])

// Every profile whose name starts with rbd may do what an image needs, whatever else its name grants.
const RBD: readonly MonCapGrant[] = [...READ_PGS, BLOCKLIST_ADD, BLACKLIST_ADD]

const DAEMONS: readonly string[] = ['osd', 'mds', 'mon', 'mgr']
const CONFIG_KEY_VERBS: readonly string[] = ['get', 'put', 'set', 'exists', 'delete']

const privateKeys = (entity: EntityName): readonly MonCapGrant[] =>
  CONFIG_KEY_VERBS.map((verb) =>
    command(`config-key ${verb}`, { key: prefix(`daemon-private/${printEntityName(entity)}/`) }),
  )

/** The grants of `profile` for `entity`, whose name decides which private keys are its own; none for an unknown profile. */
export const expandProfile = (profile: string, entity: EntityName): readonly MonCapGrant[] => [
  ...(profile.startsWith('rbd') ? RBD : []),
  ...(PROFILES.get(profile) ?? []),
  ...(DAEMONS.includes(profile) ? privateKeys(entity) : []),
]
