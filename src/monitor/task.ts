/**
 * What one event leads to inside the monitor, still within the same turn. Parts of the monitor do not call each
 * other in circles; they leave a task, and `step` runs tasks in order until none is left.
 */
import type { ElectionEvent } from '../election/event.ts'
import type { PaxosEvent, Written } from '../paxos/event.ts'
import type { Request } from '../service/contract.ts'

export type Task =
  | { readonly _tag: 'Election'; readonly event: ElectionEvent }
  | { readonly _tag: 'Paxos'; readonly event: PaxosEvent }
  /** Services re-read the store; Paxos hears of it when it waits for that. */
  | { readonly _tag: 'Refresh'; readonly then: ({ readonly _tag: 'RefreshDone' } & Written) | undefined }
  /** Leave whatever quorum there is and probe. */
  | { readonly _tag: 'Bootstrap'; readonly reason: string }
  /** Take up a request that has waited, or has come back. */
  | { readonly _tag: 'Dispatch'; readonly request: Request }
