/** What a service asked for, done: answers to clients and to peons, lines of the cluster log. */
import { withoutEntry } from '../base/ordered.ts'
import { encodeMessage, type Message } from '../message/message.ts'
import type { Request, ServiceEffect } from '../service/contract.ts'
import { SERVICES } from '../service/registry.ts'
import { clusterLog } from './cluster-log.ts'
import { auditFinished, isAudited } from './audit.ts'
import { serviceOfCommand } from './command-route.ts'
import { logOverallHealth } from './health-log.ts'
import { sendOsdmaps } from './osdmap-push.ts'
import { logRefusal } from './refusal-log.ts'
import type { Turn } from './turn.ts'

export const runServiceEffects = (turn: Turn, effects: readonly ServiceEffect[]): void => {
  for (const effect of effects) runServiceEffect(turn, effect)
}

const runServiceEffect = (turn: Turn, effect: ServiceEffect): void => {
  switch (effect._tag) {
    case 'CommandAnswer':
      answerCommand(turn, effect)
      return
    case 'Reply':
      reply(turn, effect.request, effect.message)
      return
    case 'NoReply':
      route(turn, effect.request, undefined, 0)
      return
    case 'SendOsdmaps':
      if (effect.request.session.isRouted) route(turn, effect.request, undefined, effect.since)
      else sendOsdmaps(turn, effect.request.session.id, effect.since)
      return
    case 'ClusterLog':
      clusterLog(turn, effect.channel, effect.level, effect.text)
      return
    case 'WriteClusterLog':
      turn.emit({ _tag: 'WriteClusterLog', channel: effect.channel, level: effect.level, line: effect.line })
      return
    case 'LogOverallHealth':
      logOverallHealth(turn)
      return
    case 'Refused': {
      const { identity, socketAddr } = effect.request.session
      logRefusal(turn, effect.refusal, identity.entityName, socketAddr)
      return
    }
    case 'Bootstrap':
      turn.defer({ _tag: 'Bootstrap', reason: effect.reason })
  }
}

/**
 * Ends a command. The version in the answer is that of the service that answered.
 *
 * Source: ceph src/mon/Monitor.cc Monitor::reply_command.
 */
const answerCommand = (turn: Turn, effect: Extract<ServiceEffect, { _tag: 'CommandAnswer' }>): void => {
  const { request, reply: outcome } = effect
  const { message, command } = request
  if (message._tag === 'MCommand') {
    reply(turn, request, {
      _tag: 'MCommandReply',
      result: outcome.code,
      text: outcome.text,
      data: outcome.data,
    })
    return
  }
  // What is wrong with a command may be told by repeating it, and with it a secret.
  const text = command !== undefined && isAudited(command.prefix) ? ` ${outcome.text}` : ''
  turn.log(10, `reply to ${command?.prefix ?? 'a command'}: ${outcome.code}${text}`)
  const service = command === undefined ? undefined : serviceOfCommand(command.prefix)
  if (command !== undefined && outcome.code === 0 && turn.state.phase === 'leader' && isWrite(command.prefix))
    clusterLog(turn, 'audit', 'info', auditFinished(request))
  reply(turn, request, {
    _tag: 'MMonCommandAck',
    version: service === undefined ? 0n : turn.state.services[service].lastCommitted,
    result: outcome.code,
    text: outcome.text,
    cmd: message._tag === 'MMonCommand' ? message.cmd : [],
    data: outcome.data,
  })
}

const isWrite = (prefix: string): boolean => {
  const service = serviceOfCommand(prefix)
  return service !== undefined && SERVICES[service].commands.get(prefix)?.update !== undefined
}

/** Sends an answer to whoever asked, through its peon when it came from one. */
export const reply = (turn: Turn, request: Request, message: Message): void => {
  if (request.session.isRouted) route(turn, request, message, 0)
  else turn.send(request.session.id, message, request.tid)
}

const NOBODY = { type: 0, num: 0n }

const route = (turn: Turn, request: Request, message: Message | undefined, sendOsdmapFirst: number): void => {
  const back = turn.state.routeBack.get(request.session.id)
  if (back === undefined) return
  turn.update({ routeBack: withoutEntry(turn.state.routeBack, request.session.id) })
  const embedded =
    message === undefined ? undefined : { src: NOBODY, message: encodeMessage(message, { tid: request.tid }) }
  turn.send(back.connection, { _tag: 'MRoute', tid: back.tid, embedded, sendOsdmapFirst })
}
