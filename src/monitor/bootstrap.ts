/**
 * Starting over: note our place in the monmap, then probe everybody for a quorum to join or company to form one.
 *
 * Source: ceph src/mon/Monitor.cc bootstrap, handle_probe_probe, handle_probe_reply, probe_timeout.
 */
import * as E from 'fp-ts/lib/Either.js'
import { rank as toRank } from '../base/brand.ts'
import { withEntry } from '../base/ordered.ts'
import { isBlankAddr, printAddrvec, sameAddrvec, type EntityAddrvec } from '../codec/type/entity-addr.ts'
import { renameMon, replaceMon } from '../map/mon-map/edit.ts'
import { monMapBytes, type MonMap } from '../map/mon-map/mon-map.ts'
import { addrsOfRank, monOfAddrs, rankOfAddrs, ranksByAddr } from '../map/mon-map/rank.ts'
import { RELEASE } from '../map/release.ts'
import { PROBE_OP, type MMonProbe } from '../message/mon-probe.ts'
import { put } from '../store/transaction.ts'
import { startElection } from './election-link.ts'
import { sendToAddrs, sendToRank } from './peer.ts'
import { decodePeerMonmap } from './peer-monmap.ts'
import { beginPing, noteRanks } from './ping.ts'
import { leaveQuorum } from './quorum.ts'
import { syncStart } from './sync/requester.ts'
import type { Turn } from './turn.ts'

export const bootstrap = (turn: Turn, reason: string): void => {
  if (turn.state.phase === 'shutdown') return
  turn.log(1, `bootstrap: ${reason}`)
  // Nobody has committed a map of epoch 0, so its order is by address, not by the order of its making.
  const { monmap } = turn.state
  if (monmap.epoch === 0) turn.update({ monmap: { ...monmap, ranks: ranksByAddr(monmap.mons) } })
  if (!noteRank(turn)) return
  noteRanks(turn)
  leaveQuorum(turn)
  turn.update({ phase: 'probing' })
  const { rank, monmap: map } = turn.state
  const size = Math.max(map.ranks.length, 1)
  turn.defer({ _tag: 'Election', event: { _tag: 'Bootstrap', rank: toRank(Math.max(rank, 0)), size } })
  if (map.ranks.length === 1 && rank === 0) {
    turn.defer({ _tag: 'Election', event: { _tag: 'StandaloneVictory' } })
    return
  }
  probe(turn)
}

/** False when this monitor has no business going on. */
const noteRank = (turn: Turn): boolean => {
  const { state } = turn
  const rank = rankOfAddrs(state.monmap, state.config.addrs)
  if (rank < 0 && state.rank >= 0 && state.hasEverJoined) {
    turn.emit({ _tag: 'Exit', code: 0, reason: 'this monitor was removed from the monmap' })
    turn.update({ phase: 'shutdown' })
    return false
  }
  if (rank >= 0 && !sameAddrvec(addrsOfRank(state.monmap, rank), state.config.addrs)) {
    const addrs = printAddrvec(addrsOfRank(state.monmap, rank))
    turn.commit([put('mon_sync', 'temp_newer_monmap', monMapBytes(state.monmap))], true)
    turn.emit({
      _tag: 'Exit',
      code: 0,
      reason: `the monmap gives this monitor the addresses ${addrs}; start it again`,
    })
    turn.update({ phase: 'shutdown' })
    return false
  }
  if (rank !== state.rank) {
    turn.log(0, `my rank is now ${rank} (was ${state.rank})`)
    turn.update({ rank })
    turn.emit({ _tag: 'SetRank', rank })
  }
  return true
}

const probe = (turn: Turn): void => {
  const { state } = turn
  const { config, monmap } = state
  turn.emit({ _tag: 'StartTimer', timer: 'probe', ms: config.options.ms('mon_probe_timeout') })
  if (monmap.mons.has(config.name)) turn.update({ outsideQuorum: new Set([config.name]) })
  const message = probeMessage(turn, PROBE_OP.PROBE)
  for (const rank of monmap.ranks.keys()) if (rank !== state.rank) sendToRank(turn, rank, message)
  for (const addrs of state.extraProbePeers.values())
    if (!sameAddrvec(addrs, config.addrs)) sendToAddrs(turn, addrs, message)
}

const NOTHING = Buffer.alloc(0)

const probeMessage = (turn: Turn, op: number, fields: Partial<MMonProbe> = {}): MMonProbe => ({
  _tag: 'MMonProbe',
  fsid: turn.state.config.fsid,
  op,
  name: turn.state.config.name,
  quorum: new Set(),
  monmapBytes: NOTHING,
  hasEverJoined: turn.state.hasEverJoined,
  paxosFirstVersion: 0n,
  paxosLastVersion: 0n,
  requiredFeatures: 0n,
  release: RELEASE.pacific,
  leader: -1,
  ...fields,
})

/** More unknown probers than this are not remembered. */
export const EXTRA_PROBE_PEERS_MAX = 32

export const handleProbe = (turn: Turn, connection: number, m: MMonProbe): void => {
  if (m.fsid !== turn.state.config.fsid) {
    turn.log(0, `probe of mon.${m.name} ignored: its fsid ${m.fsid} is not mine, ${turn.state.config.fsid}`)
    return
  }
  if (m.op === PROBE_OP.PROBE) handleProbeProbe(turn, connection, m)
  else if (m.op === PROBE_OP.REPLY) handleProbeReply(turn, connection, m)
  else if (m.op === PROBE_OP.MISSING_FEATURES)
    turn.log(
      0,
      `mon.${m.name} refuses this monitor: release ${m.release} or features ${m.requiredFeatures} required`,
    )
}

const handleProbeProbe = (turn: Turn, connection: number, m: MMonProbe): void => {
  const { state } = turn
  if (m.release !== RELEASE.unknown && m.release < state.monmap.minMonRelease) {
    turn.send(
      connection,
      probeMessage(turn, PROBE_OP.MISSING_FEATURES, { release: state.monmap.minMonRelease }),
    )
    return
  }
  const { firstCommitted, lastCommitted } = state.paxos.stored
  const settled = state.phase !== 'probing' && state.phase !== 'synchronizing'
  if (settled && lastCommitted + 1n < m.paxosFirstVersion) {
    turn.defer({ _tag: 'Bootstrap', reason: `mon.${m.name} has trimmed past what I have` })
    return
  }
  turn.send(
    connection,
    probeMessage(turn, PROBE_OP.REPLY, {
      quorum: new Set(state.quorum.ranks),
      leader: state.quorum.leader,
      monmapBytes: monMapBytes(state.monmap),
      paxosFirstVersion: firstCommitted,
      paxosLastVersion: lastCommitted,
    }),
  )
  const addrs = state.monConnections.get(connection)?.addrs ?? []
  const rank = rankOfAddrs(state.monmap, addrs)
  if (rank >= 0) beginPing(turn, rank)
  else if (addrs.length > 0 && state.extraProbePeers.size < EXTRA_PROBE_PEERS_MAX)
    turn.update({ extraProbePeers: withEntry(state.extraProbePeers, printAddrvec(addrs), addrs) })
}

const handleProbeReply = (turn: Turn, connection: number, m: MMonProbe): void => {
  const { phase } = turn.state
  const addrs = turn.state.monConnections.get(connection)?.addrs
  if (addrs === undefined || (phase !== 'probing' && phase !== 'electing')) return
  if (takeNewerMap(turn, m) || learnPeer(turn, m, addrs) || phase !== 'probing') return
  if (mustSync(turn, m, addrs)) return
  if (m.quorum.size > 0) joinQuorum(turn, m)
  else gatherQuorum(turn, m)
}

/** Maps are compared by their bytes, as every monitor does. */
const takeNewerMap = (turn: Turn, m: MMonProbe): boolean => {
  const { monmap, hasEverJoined } = turn.state
  if (m.monmapBytes.equals(monMapBytes(monmap))) return false
  const decoded = decodePeerMonmap(turn, m.monmapBytes)
  if (E.isLeft(decoded)) {
    turn.log(0, `probe reply of mon.${m.name} carries a monmap that is of no use: ${decoded.left}`)
    return true
  }
  if (!m.hasEverJoined || (decoded.right.epoch <= monmap.epoch && hasEverJoined)) return false
  turn.update({ monmap: decoded.right })
  turn.defer({ _tag: 'Bootstrap', reason: `mon.${m.name} has monmap epoch ${decoded.right.epoch}` })
  return true
}

/** In a map that nobody has committed, names and addresses of peers may still be unknown. */
const learnPeer = (turn: Turn, m: MMonProbe, addrs: EntityAddrvec): boolean => {
  const { monmap, phase } = turn.state
  if (monmap.epoch !== 0) return false
  const named = namePeer(monmap, m.name, addrs)
  const known = named.mons.get(m.name)
  const blank = known?.publicAddrs[0] === undefined || isBlankAddr(known.publicAddrs[0])
  const placed = known !== undefined && blank ? replaceMon(named, { ...known, publicAddrs: addrs }) : named
  if (placed === monmap) return false
  turn.update({ monmap: placed })
  if (placed === named && phase !== 'electing') return false
  turn.defer({ _tag: 'Bootstrap', reason: `learned mon.${m.name} at ${printAddrvec(addrs)}` })
  return true
}

const namePeer = (map: MonMap, name: string, addrs: EntityAddrvec): MonMap => {
  const mon = monOfAddrs(map, addrs)
  return mon?.name.startsWith('noname-') === true && !map.mons.has(name)
    ? renameMon(map, mon.name, name)
    : map
}

/** Too far behind to be caught up by the leader: copy the store first. */
const mustSync = (turn: Turn, m: MMonProbe, addrs: EntityAddrvec): boolean => {
  const { paxos, sync, config } = turn.state
  const last = paxos.stored.lastCommitted
  if (m.paxosLastVersion < sync.lastCommittedFloor) return false
  const drift = BigInt(config.options.int('paxos_max_join_drift'))
  const full = last < m.paxosFirstVersion && m.paxosFirstVersion > 1n
  if (!full && last + drift >= m.paxosLastVersion) return false
  turn.emit({ _tag: 'StopTimer', timer: 'probe' })
  syncStart(turn, addrs, full)
  return true
}

const joinQuorum = (turn: Turn, m: MMonProbe): void => {
  const { monmap, config } = turn.state
  if (monmap.mons.has(config.name)) {
    startElection(turn)
    return
  }
  sendToRank(turn, m.leader, {
    _tag: 'MMonJoin',
    version: 0n,
    fsid: config.fsid,
    name: config.name,
    addrs: config.addrs,
    crushLoc: new Map(),
    forceLoc: false,
  })
}

const gatherQuorum = (turn: Turn, m: MMonProbe): void => {
  const { monmap, outsideQuorum, config } = turn.state
  if (!monmap.mons.has(m.name)) return
  const outside = new Set([...outsideQuorum, m.name])
  turn.update({ outsideQuorum: outside })
  const need = Math.floor(monmap.ranks.length / 2) + 1
  if (outside.size >= need && outside.has(config.name)) startElection(turn)
}

/** Nobody answered in time: probe again. */
export const probeTimeout = (turn: Turn): void => {
  if (turn.state.phase === 'probing' || turn.state.phase === 'synchronizing')
    turn.defer({ _tag: 'Bootstrap', reason: 'probe timeout' })
}
