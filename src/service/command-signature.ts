/**
 * The compact text form of a command: literal words, then parameters.
 *
 *   osd pool get name=pool,type=CephPoolname name=var,type=CephChoices,strings=size|min_size
 *
 * Keys of a parameter: name, type, req (`false`: may be left out), n (`N`: a list), strings (choices), range
 * (`min` or `min|max`), goodchars.
 *
 * Source: ceph src/common/cmdparse.cc.
 */
import { byBytes, sortedEntries } from '../base/ordered.ts'

/** Keys of one parameter's descriptor; there is always a `name` and a `type`. */
export type Parameter = ReadonlyMap<string, string>

export interface Signature {
  /** The literal words up to the first parameter, joined by spaces: what a request's `prefix` says. */
  readonly prefix: string
  /** Words and parameters in order; a literal word may follow a parameter. */
  readonly parts: readonly (string | Parameter)[]
}

const isParameter = (word: string): boolean => /[,=]/.test(word)

const parseParameter = (word: string): Parameter =>
  new Map(
    word.split(',').flatMap((pair): readonly (readonly [string, string])[] => {
      const at = pair.indexOf('=')
      return at < 0 ? [] : [[pair.slice(0, at), pair.slice(at + 1)]]
    }),
  )

/** The parts of `command`, a signature in its text form. */
export const parseSignature = (command: string): Signature => {
  // Some texts of the original end in a space, which is not a word.
  const words = command.trimEnd().split(' ')
  const first = words.findIndex(isParameter)
  return {
    prefix: words.slice(0, first < 0 ? words.length : first).join(' '),
    parts: words.map((word) => (isParameter(word) ? parseParameter(word) : word)),
  }
}

/** The entries of a parameter in the order in which they are dumped. */
export const parameterEntries = (parameter: Parameter): readonly (readonly [string, string])[] =>
  sortedEntries(parameter, byBytes)
