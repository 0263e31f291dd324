/** How the audit log names a command. Source: ceph src/mon/Monitor.cc Monitor::handle_command. */
import { printAddrvec } from '../codec/type/entity-addr.ts'
import { printEntityName, printEntityNumber } from '../codec/type/entity-name.ts'
import type { Request } from '../service/contract.ts'

/** `from='client.? 127.0.0.1:0/1' entity='client.admin' cmd=[{"prefix": …}]`. */
export const auditSubject = ({ session, command }: Request): string => {
  const source = `${printEntityNumber({ type: session.peerType, num: session.num })} ${printAddrvec(session.addrs)}`
  return `from='${source}' entity='${printEntityName(session.identity.entityName)}' cmd=[${command?.text ?? ''}]`
}

/** Commands whose text may hold a secret are not logged. */
export const isAudited = (prefix: string): boolean => prefix !== 'config set' && prefix !== 'config-key set'
