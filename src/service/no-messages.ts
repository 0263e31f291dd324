/** For a service that answers commands only: any other message ends without an answer, so that a peon forgets it. */
import type { PaxosService, QueryResult, Request, ServiceName } from './contract.ts'

const ended = (request: Request): QueryResult & { readonly _tag: 'Answered' } => ({
  _tag: 'Answered',
  effects: [{ _tag: 'NoReply', request }],
})

export const NO_MESSAGES: Pick<PaxosService<ServiceName>, 'preprocessQuery' | 'prepareUpdate'> = {
  preprocessQuery: (_world, request) => ended(request),
  prepareUpdate: (_world, _pendings, request) => ended(request),
}
