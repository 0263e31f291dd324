/**
 * AuthMonitor: keys and capabilities of all entities, rotating keys of services, and the stock of global ids.
 *
 * Keys: auth/N = incrementals; auth/full_N = everything; auth/format_version. mkfs/keyring is erased once the first
 *       version is committed.
 * Source: ceph src/mon/AuthMonitor.cc.
 */
import * as E from 'fp-ts/lib/Either.js'
import { incrementalOf } from '../../auth/auth-incremental.ts'
import {
  applyAuthVersion,
  authFullBytes,
  authIncrementalsBytes,
  type AuthVersion,
  decodeAuthFull,
  NO_AUTH_VERSION,
} from '../../auth/auth-version.ts'
import { AUTH_METHOD } from '../../auth/contract.ts'
import { type KeyMap, NO_ENTRIES } from '../../auth/entity-auth.ts'
import { shouldIncreaseMax } from '../../auth/global-id.ts'
import { initialChanges, withoutMonKey } from '../../auth/initial-keys.ts'
import { rotateServices } from '../../auth/key-server.ts'
import { parseKeyring } from '../../auth/keyring.ts'
import { handleMAuth } from '../../auth/mauth.ts'
import { invariant } from '../../base/assert.ts'
import { decodeFrom } from '../../codec/reader.ts'
import { ENTITY_TYPE } from '../../codec/type/entity-name.ts'
import { utimeOfMs } from '../../codec/type/utime.ts'
import { erase, type Op, putU64 } from '../../store/transaction.ts'
import type { PaxosService, Request, ServicePendings, UpdateResult, World } from '../contract.ts'
import { putFull, putHealth, putVersion, shouldStashFull } from '../encode.ts'
import { authOptions } from './auth-options.ts'
import { authAdd } from './command/add.ts'
import { authCaps } from './command/caps.ts'
import { authExport } from './command/export.ts'
import { authGet } from './command/get.ts'
import { authGetKey } from './command/get-key.ts'
import { authGetOrCreate } from './command/get-or-create.ts'
import { authGetOrCreateKey } from './command/get-or-create-key.ts'
import { authImport } from './command/import.ts'
import { authLs } from './command/ls.ts'
import { authRm } from './command/rm.ts'
import { fsAuthorize } from './command/fs-authorize.ts'
import { badCapsHealth } from './health.ts'
import { keysOf } from './keys.ts'
import {
  type AuthPending,
  type AuthState,
  INITIAL_AUTH_STATE,
  NOTHING_PENDING,
  withChanges,
} from './state.ts'

/** Luminous and later; older stores are not read. */
const FORMAT_VERSION = 3n

const updateFromPaxos = ({ store }: World, state: AuthState): AuthState => {
  const lastCommitted = store.u64('auth', 'last_committed')
  const firstCommitted = store.u64('auth', 'first_committed')
  if (lastCommitted === state.lastCommitted)
    return firstCommitted === state.firstCommitted ? state : { ...state, firstCommitted }
  // After a full sync the store may have gone back: then everything is read anew.
  const known = lastCommitted < state.keys.version ? NO_AUTH_VERSION : state
  let version = withLatestFull(store, known)
  while (version.keys.version < lastCommitted) version = nextVersion(store, version)
  return { ...version, firstCommitted, lastCommitted }
}

const withLatestFull = (store: World['store'], known: AuthVersion): AuthVersion => {
  const latest = store.u64('auth', 'full_latest')
  if (latest <= known.keys.version) return known
  const bytes = store.get('auth', `full_${latest}`)
  invariant(bytes !== undefined, `auth/full_${latest} is the latest full copy and not in the store`)
  const full = decodeFrom(decodeAuthFull, bytes)
  invariant(E.isRight(full), `auth/full_${latest} in the store cannot be decoded`)
  return { ...full.right, keys: { ...full.right.keys, version: latest } }
}

const nextVersion = (store: World['store'], known: AuthVersion): AuthVersion => {
  const version = known.keys.version + 1n
  const bytes = store.get('auth', version.toString())
  invariant(bytes !== undefined, `auth version ${version} is committed and not in the store`)
  const next = applyAuthVersion(known, version, bytes)
  invariant(E.isRight(next), `auth version ${version} in the store cannot be decoded`)
  return next.right
}

const createInitial = (world: World): AuthPending => {
  const options = authOptions(world.options)
  const needsKeys = [...options.clusterMethods, ...options.serviceMethods].includes(AUTH_METHOD.cephx)
  return {
    changes: initialChanges(
      needsKeys ? mkfsKeyring(world) : undefined,
      options,
      utimeOfMs(world.now),
      world.entropy,
    ),
  }
}

const mkfsKeyring = ({ store }: World): KeyMap => {
  const bytes = store.get('mkfs', 'keyring')
  if (bytes === undefined) return NO_ENTRIES
  const keyring = parseKeyring(bytes)
  invariant(E.isRight(keyring), 'mkfs/keyring in the store is no keyring')
  return withoutMonKey(keyring.right)
}

const encodePending = (world: World, pending: AuthPending): readonly Op[] => {
  const state = world.committed.auth
  const stash = state.lastCommitted > 0n && shouldStashFull(world, 'auth', trimTo(world))
  return [
    ...(stash ? putFull('auth', state.lastCommitted, authFullBytes(state)) : []),
    ...putVersion(
      world,
      'auth',
      state.lastCommitted + 1n,
      authIncrementalsBytes(pending.changes.map(incrementalOf)),
    ),
    putHealth('auth', badCapsHealth(world, pending)),
    putU64('auth', 'format_version', FORMAT_VERSION),
  ]
}

const trimTo = ({ self, committed, options }: World): bigint => {
  const kept = 2n * BigInt(options.int('paxos_max_join_drift'))
  const { lastCommitted } = committed.auth
  return self.isLeader && lastCommitted > kept ? lastCommitted - kept : 0n
}

// ── global ids and rotation ──

const prealloc = (world: World): bigint => BigInt(world.options.int('mon_globalid_prealloc'))

// Several monitors may ask before the answer is committed: once is enough for all.
const increaseMax = (world: World, pending: AuthPending): AuthPending =>
  pending.changes.some((c) => c._tag === 'GlobalId')
    ? pending
    : withChanges(pending, [
        { _tag: 'GlobalId', maxGlobalId: world.committed.auth.maxGlobalId + prealloc(world) },
      ])

const rotate = (world: World, pending: AuthPending): AuthPending => {
  if (pending.changes.some((c) => c._tag === 'Keys' && c.change.op === 'setRotating')) return pending
  const { rotating, rotatingVersion } = world.committed.auth.keys
  const rotated = rotateServices(rotating, authOptions(world.options), utimeOfMs(world.now), world.entropy)
  if (rotated === undefined) return pending
  const change = { op: 'setRotating', rotatingVersion: rotatingVersion + 1n, rotating: rotated } as const
  return withChanges(pending, [{ _tag: 'Keys', change }])
}

/** Rotates what is due and keeps global ids in stock. Source: AuthMonitor::tick, on_active. */
const maintain = (world: World, { auth }: ServicePendings): UpdateResult | undefined => {
  const rotated = rotate(world, auth)
  const pending = shouldIncreaseMax(world.globalIds, prealloc(world)) ? increaseMax(world, rotated) : rotated
  return pending === auth ? undefined : prepared(pending)
}

const prepared = (auth: AuthPending): UpdateResult => ({
  _tag: 'Prepared',
  pendings: { auth },
  effects: [],
  afterCommit: [],
})

const ignored = (
  request: Request,
): { _tag: 'Answered'; effects: [{ _tag: 'NoReply'; request: Request }] } => ({
  _tag: 'Answered',
  effects: [{ _tag: 'NoReply', request }],
})

export const authService: PaxosService<'auth'> = {
  name: 'auth',
  initial: INITIAL_AUTH_STATE,
  updateFromPaxos,
  createInitial,
  createPending: () => NOTHING_PENDING,
  encodePending,
  preprocessQuery: (world, request) => {
    const { message, session } = request
    if (message._tag === 'MMonGlobalID' && session.peerType === ENTITY_TYPE.mon)
      return { _tag: 'NeedsUpdate' }
    if (message._tag !== 'MAuth') return ignored(request)
    const { result, payload, refused } = handleMAuth(session.identity, message.protocol, message.payload, {
      keys: keysOf(world),
      options: authOptions(world.options),
      now: utimeOfMs(world.now),
      entropy: world.entropy,
    })
    const { globalId } = session.identity
    const { protocol } = message
    const reply = { _tag: 'MAuthReply', protocol, result, globalId, payload, text: '' } as const
    const said = refused === undefined ? [] : [{ _tag: 'Refused', request, refusal: refused } as const]
    return { _tag: 'Answered', effects: [{ _tag: 'Reply', request, message: reply }, ...said] }
  },
  prepareUpdate: (world, pendings, request) =>
    request.message._tag === 'MMonGlobalID' ? prepared(increaseMax(world, pendings.auth)) : ignored(request),
  commands: new Map([
    ['auth get', authGet],
    ['auth export', authExport],
    ['auth get-key', authGetKey],
    ['auth print-key', authGetKey],
    ['auth print_key', authGetKey],
    ['auth ls', authLs],
    ['auth list', authLs],
    ['auth add', authAdd],
    ['auth import', authImport],
    ['auth get-or-create', authGetOrCreate],
    ['auth get-or-create-key', authGetOrCreateKey],
    ['auth caps', authCaps],
    ['auth rm', authRm],
    ['auth del', authRm],
    ['fs authorize', fsAuthorize],
  ]),
  tick: maintain,
  onActive: maintain,
  trimTo,
  localOps: ({ store, committed }) =>
    committed.auth.lastCommitted > 0n && store.has('mkfs', 'keyring') ? [erase('mkfs', 'keyring')] : [],
}
