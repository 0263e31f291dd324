/**
 * What an erasure code plugin makes of a profile: defaults filled in, limits checked, how many chunks there are and
 * how large. The monitor encodes nothing, so the plugins themselves are not needed.
 *
 * Differs: plugins `lrc`, `shec` and `clay` are refused.
 * Source: ceph src/erasure-code/ErasureCode.cc, jerasure/ErasureCodeJerasure.cc, isa/ErasureCodeIsa.cc.
 */
import * as E from 'fp-ts/lib/Either.js'
import { parseInteger } from '../../config/parse-number.ts'
import type { CommandReply } from '../contract.ts'
import { ERRNO } from '../errno.ts'
import { failed } from '../reply.ts'
import { JERASURE_TECHNIQUES } from './erasure-jerasure.ts'
import { ISA_TECHNIQUES } from './erasure-isa.ts'

export type Profile = ReadonlyMap<string, string>

export interface ErasureCode {
  /** With everything that was left out. */
  readonly profile: Profile
  readonly dataChunks: number
  readonly codingChunks: number
  /** Bytes of a chunk of an object of so many bytes. */
  readonly chunkBytes: (objectBytes: number) => number
}

/** Numbers of a profile by name, as the plugin reads them. */
export type Numbers = ReadonlyMap<string, number>

export interface Technique {
  /** Numbers that it takes, with their defaults, in the order in which they are read. */
  readonly defaults: readonly (readonly [name: string, text: string])[]
  /** Whether `jerasure-per-chunk-alignment` means anything. */
  readonly hasChunkAlignment: boolean
  /** What is wrong, first things first. */
  readonly complaints: (numbers: Numbers) => readonly string[]
  readonly chunkBytes: (numbers: Numbers, objectBytes: number, perChunk: boolean) => number
}

const PLUGINS: ReadonlyMap<string, ReadonlyMap<string, Technique>> = new Map([
  ['jerasure', JERASURE_TECHNIQUES],
  ['isa', ISA_TECHNIQUES],
])
const REFUSED_PLUGINS: ReadonlySet<string> = new Set(['lrc', 'shec', 'clay'])
const TECHNIQUE_DEFAULT = 'reed_sol_van'
const CHOICES: ReadonlyMap<string, string> = new Map([
  [
    'jerasure',
    'is not a valid coding technique.  Choose one of the following: ' +
      'reed_sol_van, reed_sol_r6_op, cauchy_orig, cauchy_good, liberation, blaum_roth, liber8tion',
  ],
  ['isa', 'is not a valid coding technique.  Choose one of the following: reed_sol_van,cauchy'],
])

const invalid = (text: string): E.Either<CommandReply, never> => E.left(failed(ERRNO.EINVAL, text))

/** `{k=2,m=1}`. */
export const printProfile = (profile: Profile): string =>
  `{${[...profile]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join(',')}}`

/**
 * The code of a profile.
 *
 * Errors: the plugin's complaint; that it is not to be had.
 */
export const loadErasureCode = (
  asked: Profile,
  pluginFolder: string,
): E.Either<CommandReply, ErasureCode> => {
  const plugin = asked.get('plugin') ?? ''
  const techniques = PLUGINS.get(plugin)
  if (techniques === undefined)
    return E.left(
      REFUSED_PLUGINS.has(plugin)
        ? failed(ERRNO.ENOTSUP, `the erasure code plugin '${plugin}' is not supported by this monitor`)
        : failed(ERRNO.EIO, noSuchPlugin(pluginFolder, plugin)),
    )
  const name = asked.get('technique') ?? TECHNIQUE_DEFAULT
  const technique = techniques.get(name)
  if (technique === undefined)
    return E.left(failed(ERRNO.ENOENT, `technique=${name} ${CHOICES.get(plugin) ?? ''}`))
  return initialised(asked, name, technique)
}

const noSuchPlugin = (folder: string, plugin: string): string => {
  const file = `${folder}/libec_${plugin}.so`
  return `load dlopen(${file}): ${file}: cannot open shared object file: No such file or directory`
}

const initialised = (
  asked: Profile,
  techniqueName: string,
  technique: Technique,
): E.Either<CommandReply, ErasureCode> => {
  const profile = new Map([...asked, ['technique', techniqueName]])
  const setDefault = (name: string, text: string): string => {
    const given = profile.get(name) ?? ''
    const value = given === '' ? text : given
    profile.set(name, value)
    return value
  }
  const complaints: string[] = []
  const numbers = new Map<string, number>()
  for (const [name, fallback] of technique.defaults) {
    const text = setDefault(name, fallback)
    const number = parseInteger(text)
    if (E.isLeft(number))
      complaints.push(
        `could not convert ${name}=${text} to int because ${number.left}, set to default ${fallback}`,
      )
    numbers.set(name, E.isLeft(number) ? Number(fallback) : Number(number.right))
  }
  const dataChunks = numbers.get('k') ?? 0
  const codingChunks = numbers.get('m') ?? 0
  complaints.push(
    ...mappingComplaints(profile.get('mapping'), dataChunks + codingChunks),
    ...(dataChunks < 2 ? [`k=${dataChunks} must be >= 2`] : []),
    ...(codingChunks < 1 ? [`m=${codingChunks} must be >= 1`] : []),
    ...(dataChunks + codingChunks > CHUNKS_MAX ? [`k+m must be <= ${CHUNKS_MAX}`] : []),
    ...technique.complaints(numbers),
  )
  const [first] = complaints
  if (first !== undefined) return invalid(first)
  const alignment = technique.hasChunkAlignment
    ? setDefault('jerasure-per-chunk-alignment', 'false')
    : 'false'
  setDefault('crush-root', 'default')
  setDefault('crush-failure-domain', 'host')
  setDefault('crush-device-class', '')
  const perChunk = alignment === 'yes' || alignment === 'true'
  return E.right({
    profile,
    dataChunks,
    codingChunks,
    chunkBytes: (bytes) => technique.chunkBytes(numbers, bytes, perChunk),
  })
}

// A CRUSH rule counts them in a byte.
const CHUNKS_MAX = 255

const mappingComplaints = (mapping: string | undefined, chunks: number): readonly string[] =>
  mapping === undefined || mapping.length === 0 || mapping.length === chunks
    ? []
    : [
        `mapping ${mapping} maps ${mapping.length} chunks instead of the expected ${chunks} and will be ignored`,
      ]
