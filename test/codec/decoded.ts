/** Decoding in tests: the value, or a failed assertion that says what was wrong with the bytes. */
import assert from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
import { describeDecodeError } from '../../src/codec/error.ts'
import { decodeWhole, type Reader } from '../../src/codec/reader.ts'

/** The value of all of `bytes`; bytes that are left are an error. */
export const decoded = <A>(decode: (r: Reader) => A, bytes: Buffer): A => {
  const result = decodeWhole(decode, bytes)
  if (E.isLeft(result)) assert.fail(describeDecodeError(result.left))
  return result.right
}

/** True when `bytes` are refused. */
export const refused = (decode: (r: Reader) => unknown, bytes: Buffer): boolean =>
  E.isLeft(decodeWhole(decode, bytes))
