/** Paxos values that carry a number, as the spec's do, and what of a store the spec knows. */
import { known } from '../src/base/assert.ts'
import { version, type Version } from '../src/base/brand.ts'
import { PAXOS_PREFIX, type Stored } from '../src/paxos/state.ts'
import { acceptedTransaction } from '../src/paxos/value.ts'
import { storedU64, u64Of } from '../src/store/key.ts'
import { erase, put, putU64, transactionBytes, transactionOf, type Op } from '../src/store/transaction.ts'
import type { StoreView } from '../src/store/view.ts'

const PREFIX = 'spec'

/** What a value trims: the versions before `end`. */
export interface Trim {
  readonly firstCommitted: Version
  readonly end: Version
}

const trimOps = ({ firstCommitted, end }: Trim): readonly Op[] => {
  const ops: Op[] = []
  for (let v = firstCommitted; v < end; v = version(v + 1n)) ops.push(erase(PAXOS_PREFIX, v.toString()))
  return [...ops, putU64(PAXOS_PREFIX, 'first_committed', end)]
}

const TRIM_UNIT = 10_000

/** The spec's name of value `id`, as TrimValue has it: it tells the first version that the value keeps, 0 for all. */
export const valueNumber = (id: number, kept: number): number => kept * TRIM_UNIT + id

/** The bytes of the value that is offered as number `id`. */
export const proposedValue = (id: number, trim: Trim | undefined): Buffer =>
  transactionBytes(
    transactionOf([
      put(PREFIX, 'name', storedU64(BigInt(valueNumber(id, Number(trim?.end ?? 0n))))),
      ...(trim === undefined ? [] : trimOps(trim)),
    ]),
  )

/** Names of the values whose operations these are. */
export const namesIn = (ops: readonly Op[]): readonly number[] =>
  ops.flatMap((op) => (op.type === 'put' && op.prefix === PREFIX ? [Number(u64Of(op.value))] : []))

/** The first version that a value of this name keeps, 0 when it trims nothing. */
export const trimOf = (name: number): number => Math.trunc(name / TRIM_UNIT)

/** The name in an encoded value. */
export const nameIn = (value: Buffer): number =>
  known(namesIn(acceptedTransaction(value).ops)[0], 'the name of a value')

/** The committed values of a store, by name. */
export interface Log {
  readonly first: number
  readonly last: number
  /** From the first that the view still has to `last`. */
  readonly values: readonly number[]
}

/** A leader's commit that trims has done so in the view before the state counts it. */
export const logOf = (stored: Stored, view: StoreView): Log => {
  const values: number[] = []
  const kept = version(view.u64(PAXOS_PREFIX, 'first_committed'))
  for (let v = kept; v > 0n && v <= stored.lastCommitted; v = version(v + 1n))
    values.push(nameIn(known(view.get(PAXOS_PREFIX, v.toString()), `version ${v.toString()}`)))
  return { first: Number(stored.firstCommitted), last: Number(stored.lastCommitted), values }
}
