/**
 * The side that is ahead: hand out the store in chunks.
 *
 * Each chunk first carries the Paxos values committed since the last one, then goes on with the keys, so what the
 * peer has at the end is one consistent state however much was committed meanwhile. Nothing is locked: a peer that
 * is too slow for the trimming is told so and starts again.
 *
 * Limits: mon_sync_max_payload_size bytes and mon_sync_max_payload_keys keys a chunk; PROVIDERS_MAX peers.
 * Source: ceph src/mon/Monitor.cc handle_sync_get_cookie, handle_sync_get_chunk.
 */
import { withEntry, withoutEntry } from '../../base/ordered.ts'
import { type MMonSync, SYNC_OP } from '../../message/mon-sync.ts'
import { PAXOS_PREFIX } from '../../paxos/state.ts'
import { put, transactionBytes, transactionOf, type Op } from '../../store/transaction.ts'
import type { Turn } from '../turn.ts'
import { SYNC_PREFIXES, type SyncProvider } from './state.ts'

export const PROVIDERS_MAX = 16
const COOKIE_EPOCH_SHIFT = 24n
// A provider gives its peer twice the time that the peer gives the provider.
const PATIENCE = 2

const NOTHING = Buffer.alloc(0)

const answer = (turn: Turn, connection: number, fields: Pick<MMonSync, 'op'> & Partial<MMonSync>): void =>
  turn.send(connection, {
    _tag: 'MMonSync',
    cookie: 0n,
    lastCommitted: 0n,
    lastKey: ['', ''],
    chunk: NOTHING,
    ...fields,
  })

const timeoutMs = (turn: Turn): number =>
  turn.now + PATIENCE * turn.state.config.options.ms('mon_sync_timeout')

export const handleGetCookie = (turn: Turn, connection: number, m: MMonSync): void => {
  const { sync, phase, election, paxos } = turn.state
  if (phase === 'synchronizing' || sync.providers.size >= PROVIDERS_MAX) {
    answer(turn, connection, { op: SYNC_OP.NO_COOKIE, cookie: m.cookie })
    return
  }
  const full = m.op === SYNC_OP.GET_COOKIE_FULL
  const cookie = (BigInt(election.epoch) << COOKIE_EPOCH_SHIFT) + sync.cookieCount + 1n
  const { firstCommitted, lastCommitted: last } = paxos.stored
  const lastCommitted = full ? last : m.lastCommitted
  const provider: SyncProvider = {
    connection,
    full,
    // A real monitor applies the version that it is told here as well, and ends when it has been trimmed meanwhile.
    lastCommitted: full && last > firstCommitted ? last - 1n : lastCommitted,
    lastKey: undefined,
    timeoutMs: timeoutMs(turn),
  }
  turn.update({
    sync: {
      ...sync,
      cookieCount: sync.cookieCount + 1n,
      providers: withEntry(sync.providers, cookie, provider),
    },
  })
  answer(turn, connection, { op: SYNC_OP.COOKIE, cookie, lastCommitted })
}

export const handleGetChunk = (turn: Turn, connection: number, m: MMonSync): void => {
  const { sync, paxos, phase } = turn.state
  const provider = sync.providers.get(m.cookie)
  const { firstCommitted, lastCommitted } = paxos.stored
  const trimmed = provider !== undefined && provider.lastCommitted < firstCommitted && firstCommitted > 1n
  if (provider === undefined || phase === 'synchronizing' || trimmed) {
    turn.update({ sync: { ...sync, providers: withoutEntry(sync.providers, m.cookie) } })
    answer(turn, connection, { op: SYNC_OP.NO_COOKIE, cookie: m.cookie })
    return
  }
  const chunk = nextChunk(turn, provider, lastCommitted)
  turn.update({
    sync: {
      ...sync,
      providers: chunk.last
        ? withoutEntry(sync.providers, m.cookie)
        : withEntry(sync.providers, m.cookie, { ...chunk.provider, timeoutMs: timeoutMs(turn) }),
    },
  })
  answer(turn, connection, {
    op: chunk.last ? SYNC_OP.LAST_CHUNK : SYNC_OP.CHUNK,
    cookie: m.cookie,
    lastCommitted: chunk.provider.lastCommitted,
    lastKey: chunk.provider.lastKey ?? ['', ''],
    chunk: transactionBytes(transactionOf(chunk.ops)),
  })
}

interface Chunk {
  readonly provider: SyncProvider
  readonly ops: readonly Op[]
  readonly last: boolean
}

const nextChunk = (turn: Turn, provider: SyncProvider, paxosLast: bigint): Chunk => {
  const { store, config } = turn.state
  const bytesMax = config.options.int('mon_sync_max_payload_size')
  const keysMax = config.options.int('mon_sync_max_payload_keys')
  const ops: Op[] = []
  let bytes = 0
  const full = (): boolean => bytes >= bytesMax || ops.length >= keysMax
  const add = (prefix: string, key: string, value: Buffer): void => {
    ops.push(put(prefix, key, value))
    bytes += value.length
  }
  let { lastCommitted, lastKey } = provider
  while (lastCommitted < paxosLast && !full()) {
    lastCommitted += 1n
    add(PAXOS_PREFIX, lastCommitted.toString(), store.get(PAXOS_PREFIX, lastCommitted.toString()) ?? NOTHING)
  }
  let more = false
  if (provider.full)
    for (const [prefix, key, value] of store.after(lastKey)) {
      if (!SYNC_PREFIXES.includes(prefix)) continue
      if (full()) {
        more = true
        break
      }
      add(prefix, key, value)
      lastKey = [prefix, key]
    }
  const done = { ...provider, lastCommitted, lastKey }
  return { provider: done, ops, last: !more && lastCommitted >= paxosLast }
}

/** Forgets peers that have stopped asking. */
export const trimProviders = (turn: Turn): void => {
  const { sync } = turn.state
  const alive = [...sync.providers].filter(([, p]) => p.timeoutMs > turn.now)
  if (alive.length < sync.providers.size) turn.update({ sync: { ...sync, providers: new Map(alive) } })
}
