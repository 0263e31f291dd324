/**
 * Keyring files: entities with their keys and capabilities, as text or binary.
 *
 * Grammar: text   = { "[" entity "]" newline { name "=" value newline } }
 *          name   = "key" | "caps" service | "auid" (ignored); blanks and underscores are alike
 *          value  = "…" | '…' | words; a backslash takes the next character as it is, # and ; begin a comment
 *          binary = u8 1, map EntityName → EntityAuth
 * Source:  ceph src/auth/KeyRing.cc, src/common/ConfUtils.cc.
 */
import * as E from 'fp-ts/lib/Either.js'
import { decodeFrom, type Reader } from '../codec/reader.ts'
import {
  type EntityName,
  entityNameKey,
  parseEntityName,
  printEntityName,
} from '../codec/type/entity-name.ts'
import { encoded } from '../codec/writer.ts'
import { sortedEntries, byBytes } from '../base/ordered.ts'
import { textOf } from '../base/text.ts'
import { NO_KEY, parseCryptoKey, printCryptoKey } from './crypto-key.ts'
import { capsBytes, capsText, type EntityAuth, type KeyMap, keyMapOf } from './entity-auth.ts'
import { decodeKeyMap, encodeKeyMap, entriesInOrder } from './key-server-data.ts'

/** What is wrong with a keyring, in Ceph's words. */
export interface KeyringError {
  readonly _tag: 'BadKeyring'
  readonly what: string
}

const bad = (what: string): E.Either<KeyringError, never> => E.left({ _tag: 'BadKeyring', what })

/** The entities of a keyring file: binary when it can be read as such, else text. */
export const parseKeyring = (bytes: Buffer): E.Either<KeyringError, KeyMap> => {
  const binary = decodeFrom(decodeBinary, bytes)
  return E.isRight(binary) ? binary : parseText(textOf(bytes))
}

const decodeBinary = (r: Reader): KeyMap => {
  r.u8()
  return decodeKeyMap(r)
}

/** The text of `keyring`, as ceph-authtool writes it. */
export const printKeyring = (keyring: KeyMap): string =>
  entriesInOrder(keyring)
    .map(
      ({ name, auth }) =>
        `[${printEntityName(name)}]\n\tkey = ${printCryptoKey(auth.key)}\n${printCaps(auth)}`,
    )
    .join('')

const printCaps = (auth: EntityAuth): string =>
  sortedEntries(auth.caps, byBytes)
    .map(([service, caps]) => `\tcaps ${service} = "${(capsText(caps) ?? '').replaceAll('"', '\\"')}"\n`)
    .join('')

/** The binary form. */
export const keyringBytes = (keyring: KeyMap): Buffer =>
  encoded((w) => {
    w.u8(1)
    encodeKeyMap(w, keyring)
  })

// ── text ──

const CONTINUATION = /\\\r?\n/g
// A line up to a comment; an escaped character belongs to the line whatever it is.
const BEFORE_COMMENT = /^(?:\\.|[^\\#;])*/
const HEADING = /^\[((?:\\.|[^\\\]])+)\]\s*$/
const ASSIGNMENT = /^\s*([^=[]+?)\s*=\s*(.*?)\s*$/
const QUOTED = /^(["'])((?:\\.|(?!\1)[^\\])*)\1$/

const unescaped = (text: string): string => text.replace(/\\(.)/g, '$1')

interface Section {
  readonly name: EntityName
  readonly auth: EntityAuth
  /** A section appears in the keyring only when it says something. */
  readonly isSet: boolean
}

// Lines before the first heading, and those of [global], belong to no entity.
type Position = Section | 'nobody'

const parseText = (text: string): E.Either<KeyringError, KeyMap> => {
  const lines = text.replace(CONTINUATION, '').split('\n')
  const sections = new Map<string, Section>()
  let position: Position = 'nobody'
  for (const [index, line] of lines.entries()) {
    const content = BEFORE_COMMENT.exec(line)?.[0] ?? ''
    if (content.trim() === '') continue
    if (index === lines.length - 1) return bad('cannot parse buffer')
    const next: E.Either<KeyringError, Position> = readLine(content, position, sections)
    if (E.isLeft(next)) return next
    position = next.right
    if (position !== 'nobody') sections.set(entityNameKey(position.name), position)
  }
  const set = [...sections.values()].filter(({ isSet }) => isSet)
  return E.right(keyMapOf(set.map(({ name, auth }) => ({ name, auth }))))
}

const readLine = (
  content: string,
  position: Position,
  sections: ReadonlyMap<string, Section>,
): E.Either<KeyringError, Position> => {
  const heading = HEADING.exec(content)?.[1]
  if (heading !== undefined) return readHeading(unescaped(heading), sections)
  const [, name, value] = ASSIGNMENT.exec(content) ?? []
  if (name === undefined || value === undefined) return bad('cannot parse buffer')
  return position === 'nobody' ? E.right(position) : readSetting(position, name, value)
}

const readHeading = (
  heading: string,
  sections: ReadonlyMap<string, Section>,
): E.Either<KeyringError, Position> => {
  if (heading === 'global') return E.right('nobody')
  const name = parseEntityName(heading)
  if (name === undefined) return bad(`bad entity name in keyring: ${heading}`)
  return E.right(
    sections.get(entityNameKey(name)) ?? { name, auth: { key: NO_KEY, caps: new Map() }, isSet: false },
  )
}

const readSetting = (section: Section, name: string, raw: string): E.Either<KeyringError, Section> => {
  const type = unescaped(name).replaceAll(/[\s_]+/g, ' ')
  const value = readValue(raw)
  if (value === undefined) return bad('cannot parse buffer')
  const refused = bad(
    `error setting modifier for [${printEntityName(section.name)}] type=${type} val=${value}`,
  )
  if (type === 'auid') return E.right(section)
  if (type === 'key') {
    const key = parseCryptoKey(value)
    return key === undefined ? refused : E.right(changed(section, { key }))
  }
  const service = /^caps (.+)$/.exec(type)?.[1]
  if (service === undefined) return refused
  return E.right(changed(section, { caps: new Map([...section.auth.caps, [service, capsBytes(value)]]) }))
}

const changed = (section: Section, change: Partial<EntityAuth>): Section => ({
  ...section,
  auth: { ...section.auth, ...change },
  isSet: true,
})

const readValue = (raw: string): string | undefined => {
  if (!/^["']/.test(raw)) return unescaped(raw).trim()
  const inner = QUOTED.exec(raw)?.[2]
  return inner === undefined ? undefined : unescaped(inner).trim()
}
