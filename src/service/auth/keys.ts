/** Keys as commands look them up and print them. */
import { printCryptoKey } from '../../auth/crypto-key.ts'
import {
  capsBytes,
  type CapsMap,
  capsText,
  type EntityAuth,
  type KeyEntry,
  keyMapOf,
} from '../../auth/entity-auth.ts'
import type { KeyServer } from '../../auth/key-server.ts'
import { printKeyring } from '../../auth/keyring.ts'
import type { Json } from '../../base/json.ts'
import { byBytes, sortedEntries } from '../../base/ordered.ts'
import { printEntityName } from '../../codec/type/entity-name.ts'
import type { Command, CommandReply, World } from '../contract.ts'
import { formatted } from '../reply.ts'

/** The committed keys, and behind them the monitor's own keyring. */
export const keysOf = (world: World): KeyServer => ({
  data: world.committed.auth.keys,
  keyring: world.monKeyring,
})

/** Capabilities in service order: name and text. */
export const capsTexts = (caps: CapsMap): readonly (readonly [service: string, text: string])[] =>
  sortedEntries(caps, byBytes).map(([service, bytes]) => [service, capsText(bytes) ?? ''])

/** `[service, text, service, text, …]` of a command as stored capabilities; the last of two for one service counts. */
export const capsOfPairs = (pairs: readonly string[]): CapsMap =>
  new Map(
    pairs.flatMap((service, i) => (i % 2 === 0 ? [[service, capsBytes(pairs[i + 1] ?? '')] as const] : [])),
  )

/** `{"key": …}`. Source: ceph src/auth/Crypto.cc CryptoKey::encode_formatted. */
export const keyJson = (auth: EntityAuth): Json => ({ key: printCryptoKey(auth.key) })

export const entityJson = ({ name, auth }: KeyEntry): Json => ({
  entity: printEntityName(name),
  key: printCryptoKey(auth.key),
  caps: new Map(capsTexts(auth.caps)),
})

/** A keyring of `entries` as text. */
export const keyringText = (entries: readonly KeyEntry[]): string => printKeyring(keyMapOf(entries))

/** An entity as a command that may have created it answers: as a keyring without capabilities, as JSON with them. */
export const printEntity = (command: Command, entry: KeyEntry): CommandReply =>
  formatted(
    command,
    () => [entityJson(entry)],
    () => keyringText([{ ...entry, auth: { ...entry.auth, caps: new Map() } }]),
  )
