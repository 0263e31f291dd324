/**
 * A real trace of Paxos as spec/TraceMonPaxos.tla reads it: lines in one order, with small numbers.
 *
 * Two things differ between what monitors write and what the specification says. Each member of a quorum begins its
 * term when it hears of it; in the specification all do so at once. So lines of a term are held back until the last
 * member has begun it: nobody's old term depends on a message of the new one. And numbers are unbounded: epochs
 * become 2, 4, 6, … in the order of the elections, values are numbered as they are proposed, and the shortest log
 * begins the count of versions.
 */
import { invariant, known } from '../src/base/assert.ts'
import { trimsOf, type Trims } from './paxos-trims.ts'
import { valueNumber } from './paxos-value.ts'
import type { TraceLine } from './trace-format.ts'

/** A value of TLA+, as its text. */
type Tla = string

/** A line of TraceMonPaxos, and the lines of the trace it stands for. */
export interface PaxosLine {
  readonly text: Tla
  readonly of: readonly TraceLine[]
}

export interface PaxosLines {
  readonly lines: readonly PaxosLine[]
  /** What the elections have decided: `<<leader, quorum>>` each. */
  readonly elections: readonly Tla[]
  /** Lines that the specification cannot be asked about, and why. */
  readonly beyond: readonly string[]
}

type Fields = Readonly<Record<string, unknown>>

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {}
const items = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as readonly unknown[]) : []
const set = (value: unknown): Tla => `{${items(value).map(String).join(', ')}}`
const tuple = (texts: readonly Tla[]): Tla => `<<${texts.join(', ')}>>`
const record = (fields: Readonly<Record<string, Tla | number | boolean>>): Tla =>
  `[${Object.entries(fields)
    .map(([name, value]) => `${name} |-> ${typeof value === 'boolean' ? String(value).toUpperCase() : value}`)
    .join(', ')}]`
const quoted = (text: unknown): Tla => JSON.stringify(text)

const NOBODY = -1
/** spec/MonPaxos.tla, TrimValue: a value from here on is one that trims. */
export const VALUES_MAX = 9_999

const OP_OF: Readonly<Record<string, string>> = {
  HandleCollect: 'COLLECT',
  HandleLast: 'LAST',
  HandleBegin: 'BEGIN',
  HandleAccept: 'ACCEPT',
  HandleCommit: 'COMMIT',
  HandleLease: 'LEASE',
  HandleLeaseAck: 'LEASE_ACK',
}
const BY_NAME: ReadonlySet<string> = new Set([
  'BeginWritten',
  'CommitWritten',
  'RefreshDone',
  'LeaseRenewTimeout',
  'StoreReplaced',
  'StoreDropped',
])
const BEGINS: ReadonlySet<string> = new Set(['LeaderInit', 'PeonInit'])

/** Turns the lines of a walk, in its order, into the specification's. */
class Converter {
  readonly lines: PaxosLine[] = []
  readonly elections: Tla[] = []
  readonly beyond: string[] = []
  private readonly rankOf: ReadonlyMap<string, number>
  private readonly epochs = new Map<unknown, number>([[0, 0]])
  private readonly values = new Map<unknown, number>()
  private readonly trims: Trims
  private readonly started = new Set<number>()
  /** The term that each monitor has begun, as the trace says. */
  private readonly terms = new Map<number, unknown>()
  /** Terms that not all members have begun: their lines so far. */
  private readonly pending = new Map<unknown, TraceLine[]>()

  constructor(rankOf: ReadonlyMap<string, number>, trims: Trims) {
    this.rankOf = rankOf
    this.trims = trims
  }

  private rank(line: TraceLine): number {
    return known(this.rankOf.get(line.node), `the rank of mon.${line.node}`)
  }

  take(line: TraceLine): void {
    const node = this.rank(line)
    if (line.machine === 'election' && line.action !== 'Restart') return
    if (BEGINS.has(line.action)) {
      const { epoch } = line.args
      this.terms.set(node, epoch)
      const held = [...(this.pending.get(epoch) ?? []), line]
      this.pending.set(epoch, held)
      if (held.filter(({ action }) => BEGINS.has(action)).length === items(line.args['quorum']).length)
        this.elect(epoch, held)
      return
    }
    const held = this.pending.get(this.terms.get(node))
    if (held === undefined) this.emit(line)
    else held.push(line)
  }

  /** What is still held back at the end was never begun by everybody. */
  end(): PaxosLines {
    for (const [epoch, held] of this.pending)
      this.beyond.push(`${held.length} lines of epoch ${String(epoch)}, which not all its members have begun`)
    return { lines: this.lines, elections: this.elections, beyond: this.beyond }
  }

  private elect(epoch: unknown, held: readonly TraceLine[]): void {
    this.pending.delete(epoch)
    this.epochs.set(epoch, 2 * (this.elections.length + 1))
    const begins = held.filter(({ action }) => BEGINS.has(action))
    const [{ args } = known(begins[0], 'a member that begins')] = begins
    const leader = Number(args['leader'])
    this.elections.push(tuple([String(leader), set(args['quorum'])]))
    const after = [...this.rankOf.values()].map((rank) => {
      const own = begins.find((line) => this.rank(line) === rank)
      return own === undefined ? '[mode |-> "elsewhere"]' : this.state(own.after)
    })
    const text = record({
      action: quoted('Elect'),
      node: leader,
      quorum: set(args['quorum']),
      after: tuple(after),
    })
    this.lines.push({ text, of: begins })
    for (const line of held) if (!BEGINS.has(line.action)) this.emit(line)
  }

  private emit(line: TraceLine): void {
    const node = this.rank(line)
    const said = this.said(line, node)
    if (said !== null) this.lines.push({ text: record({ node, ...said }), of: [line] })
  }

  /** The fields of a line, or null when there is nothing for the specification in it. */
  private said(line: TraceLine, node: number): Readonly<Record<string, Tla | number>> | null {
    const { action, args } = line
    if (line.machine === 'election') {
      const isFirst = !this.started.has(node)
      this.started.add(node)
      return isFirst ? null : { action: quoted('Crash') }
    }
    if (action === 'Propose') return { action: quoted(action), ...this.proposal(line) }
    const after = this.state(line.after)
    const op = OP_OF[action]
    if (op !== undefined)
      return { action: quoted('Receive'), from: Number(args['from']), message: this.message(op, args), after }
    if (action === 'Restart' || action === 'Shutdown') return { action: quoted('Leave'), after }
    if (BY_NAME.has(action)) return { action: quoted(action), after }
    this.beyond.push(`${line.node}#${line.n} ${action}`)
    return null
  }

  private proposal({ after }: TraceLine): Readonly<Record<string, Tla | number>> {
    const name = fieldsOf(after['accepted'])['value']
    const first = Number(this.trims.get(String(name))?.end ?? 0n)
    this.values.set(name, valueNumber(this.values.size + 1, first))
    return { first, after: this.state(after) }
  }

  private value(name: unknown): number {
    return known(this.values.get(name), `the proposal of value ${String(name)}`)
  }

  private message(op: string, args: Fields): Tla {
    const values = items(args['values']).map(items)
    return record({
      kind: quoted('message'),
      op: quoted(op),
      epoch: known(this.epochs.get(args['epoch']), 'the epoch of a message'),
      to: NOBODY,
      first: Number(args['firstCommitted']),
      last: Number(args['lastCommitted']),
      pn: Number(args['pn']),
      uncommittedPn: Number(args['uncommittedPn']),
      start: Number(values[0]?.[0] ?? 0),
      values: tuple(values.map(([, name]) => String(this.value(name)))),
    })
  }

  private state(after: Fields): Tla {
    const accepted = fieldsOf(after['accepted'])
    const uncommitted = fieldsOf(after['uncommitted'])
    const named = (holder: Fields): number => ('value' in holder ? this.value(holder['value']) : 0)
    const peers = new Map(items(after['peers']).map((peer) => [items(peer)[0], items(peer)[1]]))
    return record({
      mode: quoted(after['mode']),
      epoch: known(this.epochs.get(after['epoch']), 'the epoch of a term'),
      leader: after['leader'] === null ? NOBODY : Number(after['leader']),
      quorum: set(after['quorum']),
      first: Number(after['firstCommitted']),
      last: Number(after['lastCommitted']),
      lastPn: Number(after['lastPn']),
      acceptedPn: Number(after['acceptedPn']),
      accepted: record({ pn: Number(accepted['pn'] ?? 0), value: named(accepted) }),
      lasts: set(after['lasts']),
      peers: tuple([...this.rankOf.values()].map((rank) => String(Number(peers.get(rank) ?? NOBODY)))),
      uncommitted: record({
        version: Number(uncommitted['version'] ?? 0),
        pn: Number(uncommitted['pn'] ?? 0),
        value: named(uncommitted),
      }),
      acceptedBy: set(after['acceptedBy']),
      leaseAckedBy: set(after['leaseAckedBy']),
      lease: after['lease'] === true,
    })
  }
}

/**
 * The lines of a run, in the order in which a walk took them, as TraceMonPaxos reads them.
 *
 * Shape:  `taken` begins with the start of all monitors on empty stores.
 */
export const paxosLines = (taken: readonly TraceLine[], rankOf: ReadonlyMap<string, number>): PaxosLines => {
  const converter = new Converter(rankOf, trimsOf([taken]))
  for (const line of taken) converter.take(line)
  const made = converter.end()
  invariant(made.lines.length <= taken.length, 'more lines than the trace has')
  return made
}
