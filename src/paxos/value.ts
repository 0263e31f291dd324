/** A Paxos value is an encoded transaction; these are the only functions of Paxos that look inside. */
import * as E from 'fp-ts/lib/Either.js'
import { invariant } from '../base/assert.ts'
import { version, type Version } from '../base/brand.ts'
import { describeDecodeError, type DecodeError } from '../codec/error.ts'
import { decodeWhole } from '../codec/reader.ts'
import { u64Of } from '../store/key.ts'
import {
  appendTransaction,
  decodeTransaction,
  put,
  putU64,
  transactionBytes,
  transactionOf,
  type Op,
  type Transaction,
} from '../store/transaction.ts'
import { PAXOS_PREFIX } from './state.ts'

/** The transaction in a value. Errors: what the decoder says; a value from a peer is the peer's word. */
export const transactionIn = (value: Buffer): E.Either<DecodeError, Transaction> =>
  decodeWhole(decodeTransaction, value)

/** The transaction in a value that was checked when it was accepted. Errors: asserts when it does not decode. */
export const acceptedTransaction = (value: Buffer): Transaction => {
  const transaction = transactionIn(value)
  invariant(
    E.isRight(transaction),
    `accepted value is no transaction: ${E.isLeft(transaction) ? describeDecodeError(transaction.left) : ''}`,
  )
  return transaction.right
}

/**
 * The very first value with `paxos/first_committed = 1` put before its operations.
 *
 * Source: ceph src/mon/Paxos.cc Paxos::begin, "initial base case".
 */
export const withFirstCommitted = (value: Buffer): Buffer =>
  transactionBytes(
    appendTransaction(
      transactionOf([putU64(PAXOS_PREFIX, 'first_committed', 1n)]),
      acceptedTransaction(value),
    ),
  )

export const putValue = (v: Version, value: Buffer): Op => put(PAXOS_PREFIX, v.toString(), value)

export const putLastCommitted = (v: Version): Op => putU64(PAXOS_PREFIX, 'last_committed', v)

/** The first version kept after `ops`, which may have trimmed. */
export const firstCommittedAfter = (ops: readonly Op[], before: Version): Version =>
  ops.reduce(
    (first, op) =>
      op.type === 'put' && op.prefix === PAXOS_PREFIX && op.key === 'first_committed'
        ? version(u64Of(op.value))
        : first,
    before,
  )
