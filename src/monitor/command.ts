/**
 * Commands: from the JSON of an MMonCommand to the service that answers it.
 *
 * Source: ceph src/mon/Monitor.cc Monitor::handle_command, _allowed_command, _generate_command_map.
 */
import * as E from 'fp-ts/lib/Either.js'
import { formatJson } from '../base/json.ts'
import { isCapable } from '../auth/mon-cap.ts'
import type { MMonCommand } from '../message/mon-command.ts'
import type { MonCommand } from '../map/mon-command.ts'
import { commandDescriptions } from '../service/command-descriptions.ts'
import { parseCommand } from '../service/command-parse.ts'
import type { Command, CommandReply, Request } from '../service/contract.ts'
import { ERRNO } from '../service/errno.ts'
import { answer, failed, output } from '../service/reply.ts'
import { auditSubject, commandForLog, isAudited } from './audit.ts'
import { clusterLog } from './cluster-log.ts'
import { serviceOfCommand } from './command-route.ts'
import { COMMAND_FLAG, findCommand, MON_COMMANDS } from './command-table.ts'
import { forwardToLeader } from './forward.ts'
import { MONITOR_COMMANDS } from './monitor-command.ts'
import { isReadable } from './proposal.ts'
import { dispatchToService, wait } from './request.ts'
import { runServiceEffects } from './service-effect.ts'
import type { Turn } from './turn.ts'

export const handleCommand = (turn: Turn, bare: Request, message: MMonCommand): void => {
  const finish = (request: Request, reply: CommandReply): void =>
    runServiceEffects(turn, [answer(request, reply)])
  if (message.fsid !== turn.state.config.fsid) {
    finish(bare, failed(ERRNO.EPERM, 'wrong fsid'))
    return
  }
  const parsed = parseCommand(message.cmd, message.data)
  if (E.isLeft(parsed)) {
    finish(bare, parsed.left)
    return
  }
  const command = parsed.right
  const request: Request = { ...bare, command }
  turn.log(10, `handle_command ${commandForLog(command)}`)
  if (command.prefix === 'get_command_descriptions') {
    finish(request, output(descriptions(turn)))
    return
  }
  const mgrCommand = findCommand(turn.state.services.mgr.commandDescs, command.prefix)
  const leaderCommand = findCommand(turn.state.leaderCommands, command.prefix) ?? mgrCommand
  if (leaderCommand === undefined) {
    finish(request, failed(ERRNO.EINVAL, 'command not known'))
    return
  }
  const known = findCommand(MON_COMMANDS, command.prefix) ?? mgrCommand
  if (turn.state.phase === 'peon' && (known === undefined || !isCompatible(known, leaderCommand))) {
    forwardToLeader(turn, request)
    return
  }
  const refusal = refuse(turn, request, command, known ?? leaderCommand)
  if (refusal !== undefined) finish(request, refusal)
  else route(turn, request, command, known ?? leaderCommand)
}

const descriptions = (turn: Turn): string =>
  formatJson(
    commandDescriptions([...turn.state.services.mgr.commandDescs, ...turn.state.leaderCommands]),
    false,
  )

const isCompatible = (a: MonCommand, b: MonCommand): boolean =>
  a.command === b.command && a.module === b.module && a.perms === b.perms

/** Why a command must not run; also writes the audit line. */
const refuse = (
  turn: Turn,
  request: Request,
  command: Command,
  entry: MonCommand,
): CommandReply | undefined => {
  if ((entry.flags & COMMAND_FLAG.obsolete) !== 0n)
    return failed(ERRNO.ENOTSUP, 'command is obsolete; please check usage and/or man page')
  if (request.session.isRouted && (entry.flags & COMMAND_FLAG.noforward) !== 0n)
    return failed(ERRNO.EINVAL, 'forward for noforward command')
  const allowed = isCapable(request.session.identity.caps, {
    service: entry.module,
    command: command.prefix,
    args: commandArgs(command),
    opR: entry.perms.includes('r'),
    opW: entry.perms.includes('w'),
    opX: entry.perms.includes('x'),
    entity: request.session.identity.entityName,
    address: request.session.socketAddr,
  })
  if (isAudited(command.prefix)) {
    const level = /[wx]/.test(entry.perms) ? 'info' : 'debug'
    clusterLog(turn, 'audit', level, `${auditSubject(request)}: ${allowed ? 'dispatch' : ' access denied'}`)
  }
  turn.log(10, `_allowed_command ${allowed ? 'capable' : 'not capable'}: ${command.prefix}`)
  return allowed ? undefined : failed(ERRNO.EACCES, 'access denied')
}

/**
 * Arguments as the capability grammar compares them: as text, lists joined by blanks; the list of `caps`, which
 * alternates service and text, also as `caps_<service>`.
 */
const commandArgs = (command: Command): ReadonlyMap<string, string> =>
  new Map([...command.args].flatMap(([name, value]) => argTexts(name, value)))

const argTexts = (name: string, value: unknown): readonly (readonly [string, string])[] => {
  if (!Array.isArray(value)) return [[name, String(value)]]
  const items = value.map(String)
  const caps = name === 'caps' ? items.flatMap((service, i) => capOf(items, service, i)) : []
  return [[name, items.join(' ')], ...caps]
}

const capOf = (
  items: readonly string[],
  service: string,
  i: number,
): readonly (readonly [string, string])[] => (i % 2 === 0 ? [[`caps_${service}`, items[i + 1] ?? '']] : [])

const route = (turn: Turn, request: Request, command: Command, entry: MonCommand): void => {
  if ((entry.flags & COMMAND_FLAG.mgr) !== 0n) {
    runServiceEffects(turn, [answer(request, mgrCommandReply())])
    return
  }
  const service = serviceOfCommand(command.prefix)
  if (service !== undefined) {
    dispatchToService(turn, service, request)
    return
  }
  const handler = MONITOR_COMMANDS.get(command.prefix)
  if (handler === undefined) {
    const text = `command '${command.prefix}' is not implemented by this monitor yet`
    runServiceEffects(turn, [answer(request, failed(ERRNO.ENOTSUP, text))])
    return
  }
  const inQuorum = turn.state.phase === 'leader' || turn.state.phase === 'peon'
  if (!inQuorum || !isReadable(turn, 'monmap')) {
    wait(turn, inQuorum ? { _tag: 'Readable', service: 'monmap', version: 0n } : { _tag: 'Quorum' }, request)
    return
  }
  if (LEADER_KNOWS.has(command.prefix) && turn.state.phase === 'peon') forwardToLeader(turn, request)
  else runServiceEffects(turn, [answer(request, handler(turn, command))])
}

/** What only the leader hears from everybody. */
const LEADER_KNOWS: ReadonlySet<string> = new Set(['features'])

/** Mgr commands are for the active mgr, to which clients talk directly. */
const mgrCommandReply = (): CommandReply =>
  failed(ERRNO.ENOTSUP, 'this monitor does not pass commands on to the manager; ask the manager itself')
