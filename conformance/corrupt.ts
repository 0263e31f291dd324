/**
 * Damaged copies of a trace. A check that accepts them proves nothing.
 *
 * Counters are renumbered after the damage, so that it is the model that has to notice, not the bookkeeping.
 */
import { known } from '../src/base/assert.ts'
import type { Random } from './random.ts'
import type { TraceLine } from './trace-format.ts'

export type CorruptionKind = 'drop' | 'duplicate' | 'swap' | 'alter' | 'forge'

export interface Corruption {
  readonly kind: CorruptionKind
  readonly what: string
  /** Whose lines were damaged, and where. */
  readonly node: number
  readonly at: number
  readonly perNode: readonly (readonly TraceLine[])[]
}

type Lines = readonly TraceLine[]

const LAST_LINES = 2

const text = (value: unknown): string => JSON.stringify(value)

const renumber = (lines: Lines): Lines => {
  let n = -1
  return lines.map((line) => {
    n = line.n === 0 && line.action === 'Restart' ? 0 : n + 1
    return { ...line, n }
  })
}

/** Another value of the same kind. */
const altered = (value: unknown, random: Random): unknown => {
  if (typeof value === 'number')
    return random.below(2) === 0 ? value + 1 : Math.max(0, value - 1) || value + 2
  if (typeof value === 'boolean') return !value
  if (value === null) return random.below(3)
  if (Array.isArray(value)) return value.length > 0 ? value.slice(1) : [0]
  if (typeof value === 'string') return `${value}x`
  return null
}

const alterField = (line: TraceLine, random: Random): readonly [TraceLine, string] => {
  const parts = (['args', 'before', 'after'] as const).filter((part) => Object.keys(line[part]).length > 0)
  const outs = line.out.length
  const choice = random.below(parts.length + (outs > 0 ? 1 : 0))
  const part = parts[choice]
  if (part !== undefined) {
    const name = random.pick(Object.keys(line[part]))
    const value = altered(line[part][name], random)
    return [{ ...line, [part]: { ...line[part], [name]: value } }, `${part}.${name} = ${text(value)}`]
  }
  const at = random.below(outs)
  const item = known(line.out[at], 'an item that went out')
  const name = random.pick(Object.keys(item))
  const value = altered(item[name], random)
  const out = line.out.map((old, index) => (index === at ? { ...old, [name]: value } : old))
  return [{ ...line, out }, `out[${at}].${name} = ${text(value)}`]
}

const forged = (line: TraceLine): TraceLine => ({
  ...line,
  after: { ...line.after, mode: 'leader', leader: line.after['rank'], quorum: [line.after['rank']] },
})

const describe = (line: TraceLine): string => `${line.node}#${line.n} ${line.action}`

/** A received message that was ignored: to drop it or move it gives another possible trace. */
const isIdle = ({ before, after, out }: TraceLine): boolean =>
  out.length === 0 && text(before) === text(after)

/** Only their numbers differ: a proposal and its reminder, ignored by the same candidate. */
const isAlike = (line: TraceLine, other: TraceLine): boolean =>
  text({ ...line, n: 0 }) === text({ ...other, n: 0 })

/** One corruption of the given kind, or null when this place makes no corruption of it. */
export const corrupt = (
  perNode: readonly Lines[],
  kind: CorruptionKind,
  machine: TraceLine['machine'],
  random: Random,
): Corruption | null => {
  // The last lines of a file are left alone: a trace without them is a trace.
  const places = perNode.flatMap((lines, node) =>
    lines.slice(0, -LAST_LINES).flatMap((line, at) => (line.machine === machine ? [{ node, at }] : [])),
  )
  if (places.length === 0) return null
  const { node, at } = random.pick(places)
  const lines = known(perNode[node], 'the lines of a monitor')
  const line = known(lines[at], 'a line')
  const next = known(lines[at + 1], 'the line after it')
  const made = (what: string, changed: Lines): Corruption => ({
    kind,
    node,
    at,
    what: `${kind} ${describe(line)} ${what}`,
    perNode: perNode.map((old, index) => (index === node ? renumber(changed) : old)),
  })
  const around = (...middle: Lines): Lines => [...lines.slice(0, at), ...middle, ...lines.slice(at + 1)]
  switch (kind) {
    case 'drop':
      return isIdle(line) ? null : made('', around())
    case 'duplicate':
      // A process that starts twice in a row is a possible one.
      return line.action === 'Restart' ? null : made('', around(line, line))
    case 'swap':
      return next.machine !== machine || (isIdle(line) && isIdle(next)) || isAlike(line, next)
        ? null
        : made(`with ${describe(next)}`, [...lines.slice(0, at), next, line, ...lines.slice(at + 2)])
    case 'alter': {
      const [changed, what] = alterField(line, random)
      return made(what, around(changed))
    }
    case 'forge':
      return line.after['mode'] === 'leader' ? null : made('as leader', around(forged(line)))
  }
}

export const CORRUPTION_KINDS: readonly CorruptionKind[] = ['drop', 'duplicate', 'swap', 'alter', 'forge']
