/**
 * Words that the grammars of all capabilities share.
 *
 * Grammar: word    = one or more of a-z A-Z 0-9 _ . / -
 *          quoted  = one or more characters between two " or two '
 *          str     = quoted | word
 *          network = one or more of / . : a-f A-F 0-9 [ ]
 *          rwxa    = * | all | r? w? x?, at least one
 * Source:  ceph src/mon/MonCap.cc MonCapParser, src/mgr/MgrCap.cc MgrCapParser.
 */
import { after, alt, chars, inOrder, lit, map, opt, type Parser, sepBy, seq } from './peg.ts'

export const CAP_BITS = { r: 1, w: 2, x: 4 } as const
/** Everything that a service grant can give. */
export const CAP_ALL = 7
/** `*`: more than all bits, it also opens what blanket grants do not. */
export const CAP_ANY = 0xff

export const spaces = chars(/[ \n\t]+/)
export const word = chars(/[a-zA-Z0-9_./-]+/)
export const fsName = chars(/[a-zA-Z0-9_.-]+/)
export const networkWord = chars(/[/.:a-fA-F0-9\][]+/)

const unquote = (quoted: Parser<string>): Parser<string> => map(quoted, (text) => text.slice(1, -1))

export const quoted = unquote(alt(chars(/"[^"]+"/), chars(/'[^']+'/)))
/** As `quoted`, and nothing between the quotes is a word too. */
export const quotedOrEmpty = unquote(alt(chars(/"[^"]*"/), chars(/'[^']*'/)))
export const str = alt(quoted, word)

const bit = (letter: keyof typeof CAP_BITS): Parser<number> => map(lit(letter), () => CAP_BITS[letter])

export const rwxa: Parser<number> = alt(
  map(alt(lit('*'), lit('all')), () => CAP_ANY),
  map(inOrder(bit('r'), bit('w'), bit('x')), (bits) => bits.reduce((sum, b) => sum | b, 0)),
)

/** `word` and what introduces its value: an equals sign or spaces. */
export const keyword = (name: string): Parser<unknown> => seq(lit(name), alt(lit('='), spaces))

/** ` network 10.0.0.0/8`, or nothing. */
export const optionalNetwork: Parser<string | undefined> = opt(
  after(seq(spaces, lit('network'), spaces), networkWord),
)

/** A constraint on one argument of a command. */
export interface StringConstraint {
  readonly match: 'equal' | 'prefix' | 'regex'
  readonly value: string
}

export type Constraints = ReadonlyMap<string, StringConstraint>

const constraint = (
  match: StringConstraint['match'],
  introduction: Parser<unknown>,
): Parser<StringConstraint> => map(after(introduction, str), (value) => ({ match, value }))

/** `k=v k2 prefix v2 k3 regex v3`; of two constraints on one key the first counts. */
export const constraints = (equals: Parser<unknown>): Parser<Constraints> => {
  const pair = seq(
    str,
    alt(
      constraint('equal', equals),
      constraint('prefix', seq(spaces, lit('prefix'), spaces)),
      constraint('regex', seq(spaces, lit('regex'), spaces)),
    ),
  )
  return map(sepBy(pair, spaces), (pairs) => new Map(pairs.toReversed()))
}

/** Grants with `,` or `;` between. */
export const grantList = <A>(grant: Parser<A>): Parser<readonly A[]> => {
  const blanks = chars(/ */)
  return sepBy(grant, seq(blanks, alt(lit(';'), lit(',')), blanks))
}
