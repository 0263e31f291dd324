/** A small cluster's keys, and handshakes between our own two sides, for tests. */
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import * as E from 'fp-ts/lib/Either.js'
import { known } from '../../src/base/assert.ts'
import { utimeOfMs } from '../../src/codec/type/utime.ts'
import { type EntityName, ENTITY_TYPE } from '../../src/codec/type/entity-name.ts'
import { type AuthServer, type AuthStep, continueAuth, startAuth } from '../../src/auth/auth-server.ts'
import { type EntityCredentials, entityClient, type EntitySecrets } from '../../src/auth/cephx-client.ts'
import { type AuthClient, CON_MODE } from '../../src/auth/contract.ts'
import { generateKey } from '../../src/auth/crypto-key.ts'
import { entropyBytes } from '../../src/auth/entropy.ts'
import { capsMapOf, type KeyEntry, keyMapOf } from '../../src/auth/entity-auth.ts'
import { EMPTY_KEY_SERVER_DATA } from '../../src/auth/key-server-data.ts'
import { MON_ENTITY, rotateServices } from '../../src/auth/key-server.ts'
import { DEFAULT_AUTH_OPTIONS } from '../../src/auth/options.ts'

export const NOW = Date.UTC(2024, 4, 1, 12)
const SEED = Buffer.alloc(32, 1)

/** 32 bytes that only `label` decides. */
export const entropyFor = (label: string): Buffer => entropyBytes(SEED, label, 32)

const entry = (name: EntityName, caps: Readonly<Record<string, string>>): KeyEntry => ({
  name,
  auth: { key: generateKey(SEED, `${name.type}.${name.id}`, utimeOfMs(NOW)), caps: capsMapOf(caps) },
})

export const CLIENT_ADMIN: EntityName = { type: ENTITY_TYPE.client, id: 'admin' }
export const OSD_0: EntityName = { type: ENTITY_TYPE.osd, id: '0' }
export const MGR_X: EntityName = { type: ENTITY_TYPE.mgr, id: 'x' }

const ADMIN = entry(CLIENT_ADMIN, { mon: 'allow *', osd: 'allow *', mds: 'allow *', mgr: 'allow *' })
const OSD = entry(OSD_0, { mon: 'allow profile osd', osd: 'allow *', mgr: 'allow profile osd' })
const MGR = entry(MGR_X, { mon: 'allow profile mgr', osd: 'allow *', mds: 'allow *' })
const NO_MON_CAP = entry({ type: ENTITY_TYPE.client, id: 'nomon' }, { osd: 'allow *' })
const BAD_MON_CAP = entry({ type: ENTITY_TYPE.client, id: 'badmon' }, { mon: 'alow r' })
const MON = entry(MON_ENTITY, { mon: 'allow *' })

export const ENTRIES = { ADMIN, OSD, MGR, NO_MON_CAP, BAD_MON_CAP, MON }

/** A monitor, rank 1 of 3, whose keys were rotated at NOW. */
export const SERVER: AuthServer = {
  keys: {
    data: {
      ...EMPTY_KEY_SERVER_DATA,
      version: 2n,
      rotatingVersion: 1n,
      secrets: keyMapOf([ADMIN, OSD, MGR, NO_MON_CAP, BAD_MON_CAP]),
      rotating: known(
        rotateServices(new Map(), DEFAULT_AUTH_OPTIONS, utimeOfMs(NOW), entropyFor('rotating')),
        'first rotating keys',
      ),
    },
    keyring: keyMapOf([MON]),
  },
  options: DEFAULT_AUTH_OPTIONS,
  globalIds: { lastAllocated: 4096n, max: 14096n },
  monCount: 3,
  rank: 1,
}

export const credentialsOf = (of: KeyEntry, more: Partial<EntityCredentials> = {}): EntityCredentials => ({
  entityName: of.name,
  key: of.auth.key,
  globalId: 0n,
  oldTicket: undefined,
  wantedServices: 0x37,
  ...more,
})

/** Carries a client's frames to `server` and back until the server has said its last word. */
export const converse = (
  server: AuthServer,
  client: AuthClient,
  peerType: number,
  now = NOW,
): { readonly step: AuthStep; readonly client: AuthClient } => {
  const first = startAuth(server, { peerType, ...client.request }, { now, entropy: entropyFor('start') })
  if (first.reply._tag !== 'AuthReplyMore') return { step: first, client }
  const more = client.more(first.reply.payload)
  assert(E.isRight(more), 'our client refuses our challenge')
  const attempt = known(first.attempt, 'an attempt to continue')
  const event = { now, entropy: entropyFor('continue') }
  return { step: continueAuth(server, attempt, more.right.payload, event), client: more.right.next }
}

/** A whole handshake that succeeds: what the client has afterwards, and the server's last step. */
export const authenticate = (
  server: AuthServer,
  credentials: EntityCredentials,
  modes: readonly number[] = [CON_MODE.secure, CON_MODE.crc],
  now = NOW,
): { readonly secrets: EntitySecrets; readonly step: AuthStep } => {
  const client = entityClient(credentials, modes, entropyFor('client'))
  const { step } = converse(server, client, credentials.entityName.type, now)
  assert(step.reply._tag === 'AuthDone', `refused: ${inspect(step.reply)}`)
  const challenged = client.more(challengeOf(server, client, credentials.entityName.type, now))
  assert(E.isRight(challenged))
  const secrets = challenged.right.next.done(step.reply)
  assert(E.isRight(secrets), 'our client refuses our AUTH_DONE')
  return { secrets: secrets.right, step }
}

const challengeOf = (server: AuthServer, client: AuthClient, peerType: number, now: number): Buffer => {
  const { reply } = startAuth(server, { peerType, ...client.request }, { now, entropy: entropyFor('start') })
  assert(reply._tag === 'AuthReplyMore')
  return reply.payload
}
