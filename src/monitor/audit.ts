/**
 * How the audit log names a command.
 *
 * Limits: AUDIT_TEXT_MAX characters of a command.
 * Source: ceph src/mon/Monitor.cc Monitor::handle_command.
 */
import { printAddrvec } from '../codec/type/entity-addr.ts'
import { printEntityName, printEntityNumber } from '../codec/type/entity-name.ts'
import type { Command, LogLevel, Request } from '../service/contract.ts'

export const AUDIT_TEXT_MAX = 4096

/**
 * `from='client.? 127.0.0.1:0/1' entity='client.admin' `. The leader leaves out the address of a peon's client, as the
 * original does; the peon's own line has it.
 */
const auditSource = ({ session }: Request): string => {
  const addrs = session.isRouted ? '' : printAddrvec(session.addrs)
  const source = `${printEntityNumber({ type: session.peerType, num: session.num })} ${addrs}`
  return `from='${source}' entity='${printEntityName(session.identity.entityName)}' `
}

/** `from='client.? 127.0.0.1:0/1' entity='client.admin' cmd=[{"prefix": …}]`. */
export const auditSubject = (request: Request): string => `${auditSource(request)}cmd=[${textOf(request)}]`

// Every monitor keeps the line: who may not do anything must not fill their disks by asking.
const shortened = (text: string): string =>
  text.length <= AUDIT_TEXT_MAX ? text : `${text.slice(0, AUDIT_TEXT_MAX)}… (${text.length} characters)`

const textOf = ({ command }: Request): string => shortened(command?.text ?? '')

/** The line that a change leaves when it is committed; without its command where that may hold a secret. */
export const auditFinished = (request: Request): string => {
  const prefix = request.command?.prefix ?? ''
  return auditSource(request) + (isAudited(prefix) ? `cmd='[${textOf(request)}]': finished` : '')
}

/** A command as the monitor's own log may show it. */
export const commandForLog = (command: Command): string =>
  isAudited(command.prefix) ? command.text : `{"prefix": "${command.prefix}", …}`

/** Commands to one monitor that only look. Source: ceph src/mon/Monitor.cc Monitor::do_admin_command. */
const TELL_READS: ReadonlySet<string> = new Set(['mon_status', 'quorum_status', 'ops', 'sessions'])

/** The lines before and after a command to one monitor; they do not say whose it was. */
export const auditTell = (
  command: Command,
): { readonly level: LogLevel; readonly dispatch: string; readonly finished: string } => {
  const { prefix } = command
  const source = `from='admin socket' entity='admin socket' `
  const values = `args=[${shortened(tellValues(command).map(valueText).join(', '))}]`
  return {
    level: TELL_READS.has(prefix) ? 'debug' : 'info',
    dispatch: `${source}cmd='${prefix}' ${values}: dispatch`,
    finished: `${source}cmd=${prefix} ${values}: finished`,
  }
}

/** What was asked for, without its names but in their order. The format is a value like any other. */
const tellValues = ({ args, formatName }: Command): readonly unknown[] =>
  [...args, ...(formatName === undefined ? [] : [['format', formatName] as const])]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, value]) => value)

// As C++ streams print them. Source: ceph src/common/cmdparse.cc cmd_vartype_stringify.
const valueText = (value: unknown): string =>
  Array.isArray(value)
    ? `[${value.map(valueText).join(',')}]`
    : typeof value === 'boolean'
      ? String(Number(value))
      : typeof value === 'string'
        ? value
        : JSON.stringify(value)

/** Commands whose text may hold a secret are not logged. */
export const isAudited = (prefix: string): boolean => prefix !== 'config set' && prefix !== 'config-key set'
