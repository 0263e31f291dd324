import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { decodeWhole, type Reader } from '../../src/codec/reader.ts'
import { encoded, type Writer } from '../../src/codec/writer.ts'
import { decodeEntityName, encodeEntityName } from '../../src/codec/type/entity-name.ts'
import { decodeAuthIncremental, encodeAuthIncremental } from '../../src/auth/auth-incremental.ts'
import {
  decodeAuthCapsInfo,
  decodeAuthTicket,
  encodeAuthCapsInfo,
  encodeAuthTicket,
} from '../../src/auth/auth-ticket.ts'
import * as cephx from '../../src/auth/cephx-protocol.ts'
import { decodeCryptoKey, encodeCryptoKey } from '../../src/auth/crypto-key.ts'
import { decodeEntityAuth, encodeEntityAuth } from '../../src/auth/entity-auth.ts'
import {
  decodeKeyServerData,
  decodeKeyServerIncremental,
  encodeKeyServerData,
  encodeKeyServerIncremental,
} from '../../src/auth/key-server-data.ts'
import { decodeMonCap, encodeMonCap } from '../../src/auth/mon-cap.ts'
import {
  decodeExpiringCryptoKey,
  decodeRotatingSecrets,
  encodeExpiringCryptoKey,
  encodeRotatingSecrets,
} from '../../src/auth/rotating-secrets.ts'

type Reencode = (bytes: Buffer) => E.Either<unknown, Buffer>

const codec =
  <A>(decode: (r: Reader) => A, encode: (w: Writer, a: A) => void): Reencode =>
  (bytes) =>
    E.map((value: A) => encoded((w) => encode(w, value)))(decodeWhole(decode, bytes))

/** Ceph's type name → the bytes after decoding and encoding. */
const TYPES: Readonly<Record<string, Reencode>> = {
  AuthCapsInfo: codec(decodeAuthCapsInfo, encodeAuthCapsInfo),
  AuthMonitor__Incremental: codec(decodeAuthIncremental, encodeAuthIncremental),
  AuthTicket: codec(decodeAuthTicket, encodeAuthTicket),
  CephXAuthenticate: codec(cephx.decodeAuthenticate, cephx.encodeAuthenticate),
  CephXAuthorize: codec(cephx.decodeAuthorize, cephx.encodeAuthorize),
  CephXAuthorizeChallenge: codec(cephx.decodeServerChallenge, cephx.encodeServerChallenge),
  CephXAuthorizeReply: codec(cephx.decodeAuthorizeReply, cephx.encodeAuthorizeReply),
  CephXChallengeBlob: codec(cephx.decodeChallengeBlob, cephx.encodeChallengeBlob),
  CephXRequestHeader: codec(cephx.decodeRequestHeader, cephx.encodeRequestHeader),
  CephXResponseHeader: codec(cephx.decodeResponseHeader, cephx.encodeResponseHeader),
  CephXServerChallenge: codec(cephx.decodeServerChallenge, cephx.encodeServerChallenge),
  CephXServiceTicket: codec(cephx.decodeServiceTicket, cephx.encodeServiceTicket),
  CephXServiceTicketInfo: codec(cephx.decodeServiceTicketInfo, cephx.encodeServiceTicketInfo),
  CephXServiceTicketRequest: codec(cephx.decodeServiceTicketRequest, cephx.encodeServiceTicketRequest),
  CephXTicketBlob: codec(cephx.decodeTicketBlob, cephx.encodeTicketBlob),
  CryptoKey: codec(decodeCryptoKey, encodeCryptoKey),
  EntityAuth: codec(decodeEntityAuth, encodeEntityAuth),
  EntityName: codec(decodeEntityName, encodeEntityName),
  ExpiringCryptoKey: codec(decodeExpiringCryptoKey, encodeExpiringCryptoKey),
  KeyServer: codec(decodeKeyServerData, encodeKeyServerData),
  KeyServerData: codec(decodeKeyServerData, encodeKeyServerData),
  KeyServerData__Incremental: codec(decodeKeyServerIncremental, encodeKeyServerIncremental),
  MonCap: codec(decodeMonCap, encodeMonCap),
  RotatingSecrets: codec(decodeRotatingSecrets, encodeRotatingSecrets),
}

const blobsOf = (folder: string): readonly (readonly [name: string, bytes: Buffer])[] =>
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))] as const)

describe('auth types of the object corpus', () => {
  const corpus = process.env['CEPH_OBJECT_CORPUS']

  before(function () {
    if (corpus === undefined || !existsSync(corpus)) {
      console.log('      skipped: CEPH_OBJECT_CORPUS is not set')
      this.skip()
    }
  })

  for (const [type, reencode] of Object.entries(TYPES))
    it(`${type} is read whole and written to the same bytes`, () => {
      const blobs = blobsOf(join(corpus ?? '', type))
      assert(blobs.length > 0, 'no blobs')
      for (const [name, bytes] of blobs) {
        const again = reencode(bytes)
        assert(E.isRight(again), `${name}: ${E.isLeft(again) ? JSON.stringify(again.left) : ''}`)
        assert.equal(again.right.toString('hex'), bytes.toString('hex'), name)
      }
    })
})
