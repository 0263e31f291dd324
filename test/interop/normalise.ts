/** What must differ between two clusters is taken out of a command's outcome, so that the rest can be compared. */
import type { CommandResult } from './stock-client.ts'
import type { Likeness } from './command-step.ts'

const REPLACED: readonly (readonly [RegExp, string])[] = [
  [/\b(?!00000000-)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, 'UUID'],
  [/AQ[A-Za-z0-9+/]{36,38}==?/g, 'KEY'],
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?([+-]\d{4}|Z)?/g, 'TIME'],
  [/127\.0\.0\.1:\d+(\/\d+)?/g, 'ADDR'],
  [/"osd_(in|up)_since":\s*\d{6,}/g, '"osd_$1_since":0'],
  [/\(since \d+[smh.\w]*\)/g, '(since AGE)'],
  [/\(age \d[\w.-]*\)/g, '(age AGE)'],
  [/mon: \d daemons, quorum [a-z,]+/g, 'mon: MONS'],
  [/"quorum":\s*\[[\s\d,]*\]/g, '"quorum":[]'],
  [/"quorum_names":\s*\[[\s"a-z,]*\]/g, '"quorum_names":[]'],
  [/"(election_epoch|num_mons|quorum_age|nonce)":\s*\d+/g, '"$1":0'],
  [/((?:client|mon)\.)\d{4,}/g, '$1ID'],
]

// Lists of monitors in plain text.
const MONS: readonly (readonly [RegExp, string])[] = [
  [/\((a|a,b,c)\)/g, '(MONS)'],
  [/(\d: v2:ADDR mon\.\w(; crush_location \{.*\})?\n)+/g, 'MONS\n'],
  [/\{a=v2:ADDR[^}]*\}/g, '{MONS}'],
  [/quorum [\d,]+ [a-z,]+/g, 'quorum MONS'],
  [/mon_host = .*/g, 'mon_host = MONS'],
]

const shapeOfJson = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOfJson(value[0])]
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shapeOfJson(field)]))
  return typeof value
}

const shapeOf = (text: string): string => {
  try {
    const [, before = '', after = ''] = /^(\s*).*?(\s*)$/s.exec(text) ?? []
    return `${before}${JSON.stringify(shapeOfJson(JSON.parse(text)))}${after}`
  } catch {
    return MONS.reduce((known, [pattern, name]) => known.replaceAll(pattern, name), text).replace(/\d+/g, 'N')
  }
}

/** `folder` is the cluster's, which its answers may name. */
export const normalised = (
  { code, stdout, stderr }: CommandResult,
  folder: string,
  likeness: Likeness,
): CommandResult => {
  const plain = (text: string): string =>
    REPLACED.reduce(
      (known, [pattern, name]) => known.replaceAll(pattern, name),
      text.replaceAll(folder, 'FOLDER'),
    )
  return {
    code,
    stdout: likeness === 'shape' ? shapeOf(plain(stdout)) : plain(stdout),
    stderr: likeness === 'shape' ? shapeOf(plain(stderr)) : plain(stderr),
  }
}
