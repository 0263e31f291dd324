/** What the operating system refuses, in the words that Ceph's programs use. */
import * as E from 'fp-ts/lib/Either.js'
import { printErrno } from '../service/errno.ts'

/** The result of `run`, or the system's error as `(2) No such file or directory`. */
export const systemError = <A>(run: () => A): E.Either<string, A> => E.tryCatch(run, describeSystemError)

/** A thrown value as text; errors of the system by their number. */
export const describeSystemError = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return 'errno' in error && typeof error.errno === 'number' ? printErrno(error.errno) : error.message
}
