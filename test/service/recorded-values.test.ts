import * as E from 'fp-ts/lib/Either.js'
import assert from 'node:assert/strict'
import { decodeFrom, decodeWhole } from '../../src/codec/reader.ts'
import { encoded } from '../../src/codec/writer.ts'
import { decodeLogSummary, encodeLogSummary } from '../../src/map/log-entry.ts'
import { decodeMessage } from '../../src/message/message.ts'
import { decodeDelta, deltaBytes } from '../../src/service/kv/delta.ts'
import { logEntriesOf, logValueBytes } from '../../src/service/log/value.ts'
import {
  decodeTransaction,
  put,
  transactionOf,
  type Op,
  type Transaction,
} from '../../src/store/transaction.ts'
import { StoreView } from '../../src/store/view.ts'
import { recordedMessages, wireFolder } from '../message/recorded.ts'

/** Every Paxos value that monitors of 16.2.15 sent each other in the recorded streams. */
const recordedValues = (folder: string): readonly Transaction[] =>
  recordedMessages(folder).flatMap(({ raw }) => {
    const message = decodeMessage(raw)
    if (E.isLeft(message) || message.right._tag !== 'MMonPaxos') return []
    return [...message.right.values.values()].flatMap((value) => {
      const transaction = decodeFrom(decodeTransaction, value)
      return E.isRight(transaction) ? [transaction.right] : []
    })
  })

type Put = Extract<Op, { type: 'put' }>

describe('values that monitors of 16.2.15 committed', () => {
  const folder = wireFolder()
  const values = folder === undefined ? [] : recordedValues(folder)
  const puts = (prefix: string, key: RegExp): readonly Put[] =>
    values
      .flatMap(({ ops }) => ops)
      .filter((op): op is Put => op.type === 'put' && op.prefix === prefix && key.test(op.key))

  before(function () {
    if (folder !== undefined) return
    console.log('      skipped: CEPH_OBJECT_CORPUS names no folder with recorded streams')
    this.skip()
  })

  it('of the log are read and written again to the byte', () => {
    const lines = puts('logm', /^\d+$/)
    for (const { value } of lines) {
      const store = StoreView.empty.apply(transactionOf([put('logm', '1', value)]))
      assert.deepEqual(logValueBytes(logEntriesOf(store, 1n)), value)
    }
    const summaries = puts('logm', /^full_\d+$/)
    for (const { value } of summaries) {
      const summary = decodeWhole(decodeLogSummary, value)
      assert.ok(E.isRight(summary))
      assert.deepEqual(
        encoded((w) => encodeLogSummary(w, summary.right)),
        value,
      )
    }
    console.log(`      ${lines.length} values, ${summaries.length} summaries`)
    assert.ok(lines.length > 0 && summaries.length > 0)
  })

  it('of kv are read and written again to the byte', () => {
    const deltas = puts('kv', /^\d+$/)
    for (const { value } of deltas) {
      const delta = decodeWhole(decodeDelta, value)
      assert.ok(E.isRight(delta))
      assert.deepEqual(deltaBytes(delta.right), value)
    }
    console.log(`      ${deltas.length} values`)
    assert.ok(deltas.length > 0)
  })

  it('put full_N before N in the log, and the counters before N in kv', () => {
    const orders = (prefix: string): ReadonlySet<string> =>
      new Set(
        values
          .map(({ ops }) =>
            ops
              .filter((op) => op.prefix === prefix)
              .map(({ key }) => key.replace(/\d+/, 'N'))
              .join(' '),
          )
          .filter((order) => order !== ''),
      )
    assert.deepEqual(
      orders('logm'),
      new Set(['full_N full_latest N last_committed first_committed', 'full_N full_latest N last_committed']),
    )
    assert.deepEqual(orders('kv'), new Set(['last_committed first_committed N', 'last_committed N']))
  })
})
