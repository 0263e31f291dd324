/**
 * The text of a monitor capability.
 *
 * Grammar: cap     = grant { ( "," | ";" ) grant }
 *          grant   = "allow" rwxa [ network ] [ "fsname" ( "=" | spaces ) name ]
 *                  | [ "allow" ] "profile" ( "=" | spaces ) str [ network ]
 *                  | "allow" "service" ( "=" | spaces ) str rwxa [ network ]
 *                  | "allow" "command" ( "=" | spaces ) str [ "with" constraints ] [ network ]
 * Source:  ceph src/mon/MonCap.cc MonCapParser.
 */
import * as E from 'fp-ts/lib/Either.js'
import {
  constraints,
  fsName,
  grantList,
  keyword,
  optionalNetwork,
  rwxa,
  spaces,
  str,
  type StringConstraint,
} from './cap-grammar.ts'
import type { MonCap, MonCapGrant } from './mon-cap-grant.ts'
import { after, alt, lit, map, opt, type Parser, parseWhole, seq } from './peg.ts'

const allow = seq(lit('allow'), spaces)

const rwxaGrant: Parser<MonCapGrant> = map(
  seq(after(allow, rwxa), optionalNetwork, opt(after(seq(spaces, keyword('fsname')), fsName))),
  ([bits, network, fs]) => ({ allow: bits, ...optional({ network, fsName: fs }) }),
)

const profileGrant: Parser<MonCapGrant> = map(
  seq(after(seq(opt(allow), keyword('profile')), str), optionalNetwork),
  ([profile, network]) => ({ profile, allow: 0, ...optional({ network }) }),
)

const serviceGrant: Parser<MonCapGrant> = map(
  seq(after(seq(allow, keyword('service')), str), after(spaces, rwxa), optionalNetwork),
  ([service, bits, network]) => ({ service, allow: bits, ...optional({ network }) }),
)

const commandGrant: Parser<MonCapGrant> = map(
  seq(
    after(seq(allow, keyword('command')), str),
    opt(after(seq(spaces, lit('with'), spaces), constraints(lit('=')))),
    optionalNetwork,
  ),
  ([command, args, network]) => ({
    command,
    constraints: args ?? new Map<string, StringConstraint>(),
    allow: 0,
    ...optional({ network }),
  }),
)

// Fields that are absent rather than undefined.
const optional = <A extends object>(fields: A): { [K in keyof A]?: Exclude<A[K], undefined> } =>
  // Dropping the undefined ones is exactly what the result type says.
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof A]?: Exclude<A[K], undefined>
  }

const grant: Parser<MonCapGrant> = map(
  seq(opt(spaces), alt(rwxaGrant, profileGrant, serviceGrant, commandGrant), opt(spaces)),
  ([, value]) => value,
)

const cap = grantList(grant)

/** The capability, or Ceph's sentence on where its text stops making sense. */
export const parseMonCap = (text: string): E.Either<string, MonCap> => {
  const parsed = parseWhole(cap, text)
  if (parsed._tag === 'Parsed') return E.right({ text, grants: parsed.value })
  const stop = parsed.rest === '' ? 'end' : `'${parsed.rest}'`
  return E.left(`mon capability parse failed, stopped at ${stop} of '${text}'`)
}
