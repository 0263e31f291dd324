/**
 * The text of a metadata server capability, for its syntax.
 *
 * Grammar: cap   = "allow" | grant { ( "," | ";" ) grant }
 *          grant = "allow" spec [ match ] [ network ]
 *          spec  = * | all | r | rw followed by a subset of f, p, s in that order
 *          match = some of fsname=, path=, uid= with gids=, root_squash, in the combinations of `match` below
 * Source:  ceph src/mds/MDSAuthCaps.cc MDSCapParser.
 */
import { fsName, grantList, optionalNetwork, spaces } from './cap-grammar.ts'
import { alt, chars, lit, mapOption, opt, type Parser, parsePhrase, sepBy, seq } from './peg.ts'

const U32_MAX = 0xffff_ffff

const field = (name: string, value: Parser<unknown>): Parser<unknown> => seq(spaces, lit(`${name}=`), value)
const number = mapOption(chars(/\d+/), (digits) => (Number(digits) <= U32_MAX ? Number(digits) : undefined))

const path = field('path', alt(chars(/"[^"]*"/), chars(/'[^']*'/), chars(/[a-zA-Z0-9_./-]+/)))
const uid = field('uid', number)
const gids = opt(field('gids', sepBy(number, lit(','))))
const fs = opt(field('fsname', fsName))
const rootSquash = seq(spaces, lit('root_squash'))

const match = opt(
  alt<unknown>(
    seq(fs, path, rootSquash),
    seq(uid, gids),
    seq(path, uid, gids),
    seq(fs, path),
    seq(fs, rootSquash),
    seq(path, rootSquash),
    path,
    rootSquash,
    fs,
  ),
)

// The longest first: an alternative that has matched is not reconsidered.
const SPECS = ['*', 'all', 'rwfps', 'rwps', 'rwfp', 'rwfs', 'rwp', 'rws', 'rwf', 'rw', 'r']
const spec = seq(spaces, alt(...SPECS.map(lit)))

const cap = grantList(seq(lit('allow'), spec, match, optionalNetwork))

/** Nothing, or Ceph's sentence on what is wrong. */
export const checkMdsCap = (text: string): string | undefined => {
  if (text === 'allow') return undefined
  const parsed = parsePhrase(cap, text)
  return parsed._tag === 'Parsed'
    ? undefined
    : `mds capability parse failed, stopped at '${parsed.rest}' of '${text}'`
}
