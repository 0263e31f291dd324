/** A line of a script is what one types after `ceph`; a blank inside an argument is protected by single quotes. */

/** How much of an answer must be equal. */
export type Likeness =
  /** All but names, keys, times, addresses and versions of elections. */
  | 'text'
  /** Names and types of fields, or words without numbers: what it says depends on how many monitors there are. */
  | 'shape'

export type Format = 'plain' | 'json'

export interface Step {
  readonly line: string
  readonly formats: readonly Format[]
  /** Any monitor takes a change; a read must have the same answer at each, its JSON at one of them. */
  readonly monitors: 'any' | 'each'
  readonly likeness: Likeness
}

export interface Script {
  readonly title: string
  readonly steps: readonly Step[]
}

export const lines = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

const stepsOf =
  (formats: readonly Format[], monitors: Step['monitors'], likeness: Likeness) =>
  (text: string): readonly Step[] =>
    lines(text).map((line) => ({ line, formats, monitors, likeness }))

export const change = stepsOf(['plain'], 'any', 'text')
export const read = stepsOf(['plain', 'json'], 'each', 'text')
export const readShape = stepsOf(['plain', 'json'], 'each', 'shape')
/** For answers whose plain form has prose of Ceph's that ours does not carry. */
export const readJsonShape = stepsOf(['json'], 'each', 'shape')
/** What is asked of one daemon, by its name. */
export const tell = stepsOf(['plain', 'json'], 'any', 'shape')

/** `a 'b c'` → `a`, `b c`. */
export const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
