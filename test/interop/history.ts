/**
 * What clients saw, and whether a Ceph quorum may have shown it to them.
 *
 * The guarantee that is checked. A write is acknowledged when every member of the quorum has it on disk, and a member
 * gives up its lease before it accepts, so from the acknowledgement on no member of that quorum answers a read with
 * what was before. A client library sends a request again when its monitor dies, so a write may be done more than
 * once, but only between its sending and its acknowledgement. Hence, for values that are written once each:
 *
 *   - a read returns a value that some client had begun to write, and that was not overwritten for certain: no other
 *     write of the key was begun after its acknowledgement and acknowledged, or read by somebody, before the read began;
 *   - it returns nothing only while no write of the key is known to be done.
 *
 * What the lease leaves open: a monitor that runs, that a new quorum has left out and that has not noticed yet, may
 * answer from its lease for mon_lease seconds at most. Whoever calls `staleReads` decides whether there was one.
 */

/** Seconds of a clock that all clients share. */
interface Interval {
  readonly from: number
  readonly to: number
}

export interface Write extends Interval {
  readonly op: 'write'
  readonly key: string
  readonly value: string
  readonly code: number
  readonly text: string
}

export interface Read extends Interval {
  readonly op: 'read'
  readonly key: string
  readonly value: string | null
  readonly code: number
  readonly text: string
}

/** Something that must be there for ever once it was acknowledged; `result` is what the client was given. */
export interface Make extends Interval {
  readonly op: 'make'
  readonly kind: string
  readonly name: string
  readonly result: string
  readonly code: number
  readonly text: string
}

export interface Login extends Interval {
  readonly op: 'login'
  readonly id: string
}

export type Line = Write | Read | Make | Login

export interface StaleRead {
  readonly read: Read
  /** The write that had overwritten what was read, for certain, before the read began. */
  readonly by: Write
}

export const parseHistory = (text: string): readonly Line[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)

/** Requests that failed: no monitor of a quorum has a reason to refuse any of them. */
export const refusals = (lines: readonly Line[]): readonly Line[] =>
  lines.filter((line) => line.op !== 'login' && line.code !== 0)

/** Reads of values that nobody had begun to write. */
export const inventedReads = (lines: readonly Line[]): readonly Read[] => {
  const begun = new Map(writesOf(lines).map((write) => [`${write.key} ${write.value}`, write.from]))
  return readsOf(lines).filter(
    ({ key, value, to }) => value !== null && !((begun.get(`${key} ${value}`) ?? Infinity) <= to),
  )
}

/** Reads of what was overwritten before they began. */
export const staleReads = (lines: readonly Line[]): readonly StaleRead[] => {
  const written = new Map(writesOf(lines).map((write) => [`${write.key} ${write.value}`, write]))
  const newest = newestByKey(lines)
  return readsOf(lines).flatMap((read) => {
    const by = newest.get(read.key)?.(read.from)
    if (by === undefined) return []
    // Of nothing, every write is a later one.
    const over = read.value === null ? -Infinity : written.get(`${read.key} ${read.value}`)?.to
    return over !== undefined && over < by.from ? [{ read, by }] : []
  })
}

type Newest = (time: number) => Write | undefined

/** For each key: of the writes known to be done before a time, the one that was begun last. */
const newestByKey = (lines: readonly Line[]): ReadonlyMap<string, Newest> => {
  // A write is done when it is acknowledged, or when somebody has read it, whichever is first.
  const doneAt = new Map<string, number>()
  for (const line of [...writesOf(lines), ...readsOf(lines)]) {
    const name = `${line.key} ${line.value ?? ''}`
    doneAt.set(name, Math.min(line.to, doneAt.get(name) ?? Infinity))
  }
  const keys = new Map<string, { readonly write: Write; readonly done: number }[]>()
  for (const write of writesOf(lines)) {
    const done = doneAt.get(`${write.key} ${write.value}`) ?? write.to
    const before = keys.get(write.key)
    if (before === undefined) keys.set(write.key, [{ write, done }])
    else before.push({ write, done })
  }
  return new Map([...keys].map(([key, writes]) => [key, newestOf(writes.sort((a, b) => a.done - b.done))]))
}

const newestOf = (ascending: readonly { readonly write: Write; readonly done: number }[]): Newest => {
  const newest: Write[] = []
  for (const { write } of ascending) {
    const last = newest.at(-1)
    newest.push(last !== undefined && last.from > write.from ? last : write)
  }
  return (time) => {
    let low = 0
    let high = ascending.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (ascending[middle]!.done < time) low = middle + 1
      else high = middle
    }
    return newest[low - 1]
  }
}

/** What two clients were given though it can be given once: ids of connections, ids of OSDs. */
export const givenTwice = (lines: readonly Line[]): readonly string[] => {
  const given = lines.flatMap((line) => {
    if (line.op === 'login') return [`login ${line.id}`]
    return line.op === 'make' && line.kind === 'osd' ? [`osd ${line.result.trim()}`] : []
  })
  const seen = new Set<string>()
  return given.filter((one) => seen.size === seen.add(one).size)
}

export const makesOf = (lines: readonly Line[], kind: string): readonly Make[] =>
  lines.filter((line): line is Make => line.op === 'make' && line.kind === kind && line.code === 0)

const writesOf = (lines: readonly Line[]): readonly Write[] =>
  lines.filter((line): line is Write => line.op === 'write')

const readsOf = (lines: readonly Line[]): readonly Read[] =>
  lines.filter((line): line is Read => line.op === 'read')
