/**
 * The text of a manager capability, for its syntax.
 *
 * Grammar: grant = "allow" rwxa [ network ]
 *                | [ "allow" ] "profile" ( "=" | spaces ) str [ constraints ] [ network ]
 *                | "allow" "service" ( "=" | spaces ) str rwxa [ network ]
 *                | "allow" "module" ( "=" | spaces ) str [ "with" constraints ] rwxa [ network ]
 *                | "allow" "command" ( "=" | spaces ) str [ "with" constraints ] [ network ]
 * Source:  ceph src/mgr/MgrCap.cc MgrCapParser, MgrCapGrant::expand_profile.
 */
import {
  type Constraints,
  constraints,
  grantList,
  keyword,
  optionalNetwork,
  rwxa,
  spaces,
  str,
  type StringConstraint,
} from './cap-grammar.ts'
import { after, alt, lit, map, opt, type Parser, parseWhole, seq } from './peg.ts'

interface Profile {
  readonly name: string
  readonly keys: readonly string[]
}

const allow = seq(lit('allow'), spaces)
const pairs = constraints(seq(opt(spaces), lit('='), opt(spaces)))
const optionalWith = opt(seq(spaces, lit('with'), spaces, pairs))

const other = (parser: Parser<unknown>): Parser<Profile | undefined> => map(parser, () => undefined)

const NO_CONSTRAINTS: Constraints = new Map<string, StringConstraint>()

const profile: Parser<Profile | undefined> = map(
  seq(after(seq(opt(allow), keyword('profile')), str), opt(after(spaces, pairs)), optionalNetwork),
  ([name, args]) => ({ name, keys: [...(args ?? NO_CONSTRAINTS).keys()] }),
)

const grant = map(
  seq(
    opt(spaces),
    alt(
      other(seq(allow, rwxa, optionalNetwork)),
      profile,
      other(seq(allow, keyword('service'), str, spaces, rwxa, optionalNetwork)),
      other(seq(allow, keyword('module'), str, optionalWith, spaces, rwxa, optionalNetwork)),
      other(seq(allow, keyword('command'), str, optionalWith, optionalNetwork)),
    ),
    opt(spaces),
  ),
  ([, value]) => value,
)

const cap = grantList(grant)

const PLAIN_PROFILES: readonly string[] = ['read-only', 'read-write', 'crash', 'osd', 'mds']
const RBD_PROFILES: readonly string[] = ['rbd', 'rbd-read-only']
const RBD_KEYS: readonly string[] = ['pool', 'namespace']

const profileProblem = ({ name, keys }: Profile): string => {
  if (PLAIN_PROFILES.includes(name)) return ''
  if (!RBD_PROFILES.includes(name)) return `unrecognized profile '${name}'`
  const key = keys.toSorted().find((k) => !RBD_KEYS.includes(k))
  return key === undefined ? '' : `profile '${name}' does not recognize key '${key}'`
}

/** Nothing, or Ceph's sentence on what is wrong. */
export const checkMgrCap = (text: string): string | undefined => {
  const parsed = parseWhole(cap, text)
  if (parsed._tag === 'Stopped') {
    const stop = parsed.rest === '' ? 'end' : `'${parsed.rest}'`
    return `mgr capability parse failed, stopped at ${stop} of '${text}'`
  }
  const problems = parsed.value.flatMap((p) => p ?? []).map(profileProblem)
  const joined = problems.join('')
  return joined === '' ? undefined : `mgr capability parse failed during profile evaluation: ${joined}`
}
