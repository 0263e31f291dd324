/**
 * How the audit log names a command.
 *
 * Limits: AUDIT_TEXT_MAX characters of a command.
 * Source: ceph src/mon/Monitor.cc Monitor::handle_command.
 */
import { printAddrvec } from '../codec/type/entity-addr.ts'
import { printEntityName, printEntityNumber } from '../codec/type/entity-name.ts'
import type { Command, Request } from '../service/contract.ts'

export const AUDIT_TEXT_MAX = 4096

/** `from='client.? 127.0.0.1:0/1' entity='client.admin' `. */
const auditSource = ({ session }: Request): string => {
  const source = `${printEntityNumber({ type: session.peerType, num: session.num })} ${printAddrvec(session.addrs)}`
  return `from='${source}' entity='${printEntityName(session.identity.entityName)}' `
}

/** `from='client.? 127.0.0.1:0/1' entity='client.admin' cmd=[{"prefix": …}]`. */
export const auditSubject = (request: Request): string => `${auditSource(request)}cmd=[${textOf(request)}]`

// Every monitor keeps the line: who may not do anything must not fill their disks by asking.
const textOf = ({ command }: Request): string => {
  const text = command?.text ?? ''
  return text.length <= AUDIT_TEXT_MAX
    ? text
    : `${text.slice(0, AUDIT_TEXT_MAX)}… (${text.length} characters)`
}

/** The line that a change leaves when it is committed; without its command where that may hold a secret. */
export const auditFinished = (request: Request): string => {
  const prefix = request.command?.prefix ?? ''
  return auditSource(request) + (isAudited(prefix) ? `cmd='[${textOf(request)}]': finished` : '')
}

/** A command as the monitor's own log may show it. */
export const commandForLog = (command: Command): string =>
  isAudited(command.prefix) ? command.text : `{"prefix": "${command.prefix}", …}`

/** Commands whose text may hold a secret are not logged. */
export const isAudited = (prefix: string): boolean => prefix !== 'config set' && prefix !== 'config-key set'
