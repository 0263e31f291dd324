/**
 * Invariants. An assertion names a mistake of ours, never of a peer or an operator: it stays on in production,
 * throws, and ends the process, because a monitor that contradicts itself must not go on answering.
 */
import { AssertionError } from 'node:assert'

/** Throws unless `condition` holds. `message` names the thing, its value and what was expected. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError({ message })
}

/** The value that the caller knows to be there; throws with `what` when it is not. */
export const known = <A>(value: A | undefined, what: string): A => {
  invariant(value !== undefined, `expected ${what}, found nothing`)
  return value
}

/** Marks a branch that the types rule out. */
export const unreachable = (value: never): never => {
  throw new AssertionError({ message: `unreachable: ${JSON.stringify(value)}` })
}
