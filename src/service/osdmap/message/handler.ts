/** Handler of one message that is not a command. */
import type { QueryResult, Request, ServicePendings, UpdateResult, World } from '../../contract.ts'

export interface MessageHandler {
  readonly query: (world: World, request: Request) => QueryResult
  /** On the leader, when the query asked for it. */
  readonly update?: (world: World, pendings: ServicePendings, request: Request) => UpdateResult
}

export const NEEDS_UPDATE: QueryResult = { _tag: 'NeedsUpdate' }

/** Ends the request in silence. */
export const ignored = (request: Request): { readonly _tag: 'Answered'; readonly effects: QueryEffects } => ({
  _tag: 'Answered',
  effects: [{ _tag: 'NoReply', request }],
})

type QueryEffects = Extract<QueryResult, { readonly _tag: 'Answered' }>['effects']
