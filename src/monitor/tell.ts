/**
 * Requests to this one monitor: `ceph tell mon.X`, `ceph ping mon.X`, and the admin socket. They are answered
 * whatever the quorum does.
 *
 * Source: ceph src/mon/Monitor.cc do_admin_command, handle_tell_command, handle_ping; src/common/admin_socket.cc.
 */
import * as E from 'fp-ts/lib/Either.js'
import { formatJson, type Json } from '../base/json.ts'
import { isCapable } from '../auth/mon-cap.ts'
import { tellDescriptions, tellHelp } from '../service/command-descriptions.ts'
import { TELL_COMMAND_TABLE } from '../service/command-table.ts'
import { parseSignature } from '../service/command-signature.ts'
import { parseCommand } from '../service/command-parse.ts'
import type { Command, CommandReply, Request } from '../service/contract.ts'
import { ERRNO } from '../service/errno.ts'
import { failed, output } from '../service/reply.ts'
import { healthJson } from '../service/health/status.ts'
import { auditTell } from './audit.ts'
import { clusterLog } from './cluster-log.ts'
import { CONFIG_COMMANDS } from './config-command.ts'
import { runServiceEffects, reply } from './service-effect.ts'
import { healthOf } from '../service/health/gather.ts'
import { monStatusJson, quorumStatusJson } from './status/mon-status.ts'
import { sessionJson, trackerJson } from './status/session-json.ts'
import type { Turn } from './turn.ts'
import { CEPH_VERSION_SHORT, COMMIT, CEPH_RELEASE } from './version.ts'
import { worldOf } from './world.ts'

type Handler = (turn: Turn, command: Command) => CommandReply

// The admin socket answers indented JSON unless another format was asked for.
const json = (command: Command, value: Json): CommandReply =>
  output(formatJson(value, command.format !== 'json'))

/** What the monitor itself is asked. The audit log has these. */
const MONITOR_HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['mon_status', ({ state, now }, command) => json(command, monStatusJson(state, now))],
  ['quorum_status', ({ state, now }, command) => json(command, quorumStatusJson(state, now))],
  ['sessions', ({ state }, command) => json(command, [...state.sessions.values()].map(sessionJson))],
  ['connection scores dump', ({ state }, command) => json(command, trackerJson(state.tracker))],
  [
    'quorum enter',
    (turn) => (
      turn.defer({ _tag: 'Bootstrap', reason: 'quorum enter' }),
      output('started responding to quorum, initiated new election\n')
    ),
  ],
])

/** What any daemon's process is asked. */
const PROCESS_HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ...CONFIG_COMMANDS,
  [
    'version',
    (_turn, command) =>
      json(command, { version: CEPH_VERSION_SHORT, release: CEPH_RELEASE, release_type: 'stable' }),
  ],
  ['git_version', (_turn, command) => json(command, { git_version: COMMIT })],
  ['get_command_descriptions', () => output(formatJson(tellDescriptions(TELL_COMMAND_TABLE), false))],
  // Every line is in the file by the time that it was logged.
  ['log flush', (_turn, command) => json(command, {})],
  ['help', (_turn, command) => json(command, tellHelp(TELL_COMMAND_TABLE))],
])

const answerTell = (turn: Turn, command: Command): CommandReply => {
  const own = MONITOR_HANDLERS.get(command.prefix)
  if (own !== undefined) return audited(turn, command, own)
  const handler = PROCESS_HANDLERS.get(command.prefix)
  if (handler !== undefined) return handler(turn, command)
  const isKnown = TELL_COMMAND_TABLE.some((row) => parseSignature(row.command).prefix === command.prefix)
  return isKnown
    ? failed(ERRNO.ENOTSUP, `command '${command.prefix}' is not implemented by this monitor yet`)
    : failed(ERRNO.EINVAL, `unknown command prefix ${command.prefix}`)
}

const audited = (turn: Turn, command: Command, handler: Handler): CommandReply => {
  const { level, dispatch, finished } = auditTell(command)
  clusterLog(turn, 'audit', level, dispatch)
  const answer = handler(turn, command)
  clusterLog(turn, 'audit', level, finished)
  return answer
}

/** An MCommand or MPing. A tell needs everything on `mon`, as the original asks. */
export const handleTell = (turn: Turn, request: Request): void => {
  const { message, session } = request
  if (message._tag === 'MPing') {
    reply(turn, request, { _tag: 'MPing', report: pong(turn) })
    return
  }
  if (message._tag !== 'MCommand') return
  const parsed = parseCommand(message.cmd, message.data)
  const finish = (outcome: CommandReply): void =>
    runServiceEffects(turn, [{ _tag: 'CommandAnswer', request, reply: outcome }])
  const allowed = isCapable(session.identity.caps, {
    service: 'mon',
    opR: true,
    opW: true,
    opX: true,
    entity: session.identity.entityName,
    address: session.socketAddr,
  })
  if (message.fsid !== turn.state.config.fsid) finish(failed(ERRNO.EPERM, 'wrong fsid'))
  else if (!allowed) finish(failed(ERRNO.EACCES, 'insufficient caps'))
  else finish(E.isLeft(parsed) ? parsed.left : answerTell(turn, parsed.right))
}

const pong = (turn: Turn): string => {
  const health = healthJson(healthOf(worldOf(turn)), false)
  return formatJson({ health, ...monStatusJson(turn.state, turn.now) }, true)
}

/** A request on the admin socket, whose JSON the socket has already taken apart. */
export const handleAdminRequest = (turn: Turn, id: number, command: Command): void => {
  const { code, text, data } = answerTell(turn, command)
  turn.emit({ _tag: 'AdminReply', id, code, text, data })
}
