/** Talking to fellow monitors: ranks to addresses and back. */
import type { EntityAddrvec } from '../codec/type/entity-addr.ts'
import { addrsOfRank, rankOfAddrs } from '../map/mon-map/rank.ts'
import type { Message } from '../message/message.ts'
import type { Turn } from './turn.ts'

/** Sends to the monitor of `rank`; a rank that the monmap does not have, or no longer, is nobody. */
export const sendToRank = (turn: Turn, rank: number, message: Message): void => {
  if (rank < 0 || rank >= turn.state.monmap.ranks.length) return
  sendToAddrs(turn, addrsOfRank(turn.state.monmap, rank), message)
}

export const sendToAddrs = (turn: Turn, addrs: EntityAddrvec, message: Message): void =>
  turn.emit({ _tag: 'SendToMon', addrs, message, tid: 0n })

/** Rank of the monitor behind a connection, -1 when it is none of the monmap's. */
export const rankOfConnection = (turn: Turn, connection: number): number => {
  const peer = turn.state.monConnections.get(connection)
  return peer === undefined ? -1 : rankOfAddrs(turn.state.monmap, peer.addrs)
}
