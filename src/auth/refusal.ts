/**
 * Why somebody is not let in, for the operator. The peer learns the number alone: what it got wrong is none of its
 * business. No text names a key, or what was made with one.
 */
export type RefusalKind =
  /** Part of every negotiation: the peer asks again with another method. */
  | 'MethodNotAllowed'
  | 'ModeNotAllowed'
  | 'Malformed'
  | 'NotAMonitor'
  | 'UnknownEntity'
  | 'WrongKey'
  | 'BadTicket'
  | 'BadAuthorizer'
  | 'NoCapability'
  | 'NoServiceKeys'

export interface Refusal {
  readonly kind: RefusalKind
  /** A negative errno. */
  readonly result: number
  /** What was wrong, to follow `refused: `. */
  readonly why: string
}

export const refusal = (kind: RefusalKind, result: number, why: string): Refusal => ({ kind, result, why })
