/**
 * The text of an OSD capability, for its syntax.
 *
 * Grammar: grant   = "allow" spec [ match ] [ network ] | "allow" match spec [ network ]
 *                  | "profile" ( "=" | spaces ) str [ pool [ namespace ] ] [ network ]
 *          spec    = * | all | [ r ][ w ][ x ] [ "class-read" ] [ "class-write" ] | "class" str [ str ]
 *          match   = [ namespace ] "tag" str key "=" value | [ pool ] [ namespace ] [ "object_prefix" str ]
 * Source:  ceph src/osd/OSDCap.cc OSDCapParser.
 */
import { optionalNetwork, quotedOrEmpty, str, word } from './cap-grammar.ts'
import { alt, chars, inOrder, lit, opt, type Parser, parsePhrase, sepBy, seq } from './peg.ts'

const spaces = chars(/[ \t\n\v\f\r]+/)
const blanks = chars(/[ \t]*/)
const wildcard = alt(lit('*'), lit('all'))
const introduced = (name: string): Parser<unknown> => seq(spaces, lit(name), alt(lit('='), spaces))

const poolName = opt(seq(introduced('pool'), str))
const namespace = seq(introduced('namespace'), alt(quotedOrEmpty, word), opt(lit('*')))
const objectPrefix = opt(seq(spaces, lit('object_prefix'), spaces, str))
const keyOrValue = alt(wildcard, str)
const poolTag = seq(
  seq(spaces, lit('tag'), spaces, str, spaces, keyOrValue),
  seq(opt(spaces), lit('='), opt(spaces), keyOrValue),
)

const match = alt<unknown>(
  poolTag,
  seq(namespace, poolTag),
  seq(poolName, namespace, objectPrefix),
  seq(poolName, objectPrefix),
)

const rwx = seq(spaces, inOrder(lit('r'), lit('w'), lit('x')))
const classBits = inOrder(seq(spaces, lit('class-read')), seq(spaces, lit('class-write')))
const spec = alt<unknown>(
  seq(spaces, wildcard),
  inOrder<unknown>(rwx, classBits),
  seq(spaces, lit('class'), spaces, str, opt(seq(spaces, str))),
)

const profileName = seq(lit('profile'), alt(lit('='), spaces), str)
const profile = alt<unknown>(seq(profileName, poolName, namespace), seq(profileName, poolName))

const grant = seq(
  blanks,
  alt<unknown>(
    seq(lit('allow'), spec, match, optionalNetwork),
    seq(lit('allow'), match, spec, optionalNetwork),
    seq(profile, optionalNetwork),
  ),
  blanks,
)

const cap = sepBy(grant, alt(lit(';'), lit(',')))

/** Nothing, or Ceph's sentence on what is wrong. */
export const checkOsdCap = (text: string): string | undefined => {
  const parsed = parsePhrase(cap, text)
  return parsed._tag === 'Parsed'
    ? undefined
    : `osd capability parse failed, stopped at '${parsed.rest}' of '${text}'`
}
