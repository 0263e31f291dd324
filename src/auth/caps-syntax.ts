/**
 * Whether capabilities make sense: those of monitors fully, those of OSDs, metadata servers and managers by their
 * syntax, since others enforce them.
 *
 * Source: ceph src/mon/AuthMonitor.cc valid_caps.
 */
import * as E from 'fp-ts/lib/Either.js'
import { checkMdsCap } from './mds-cap-grammar.ts'
import { checkMgrCap } from './mgr-cap-grammar.ts'
import { parseMonCap } from './mon-cap-grammar.ts'
import { checkOsdCap } from './osd-cap-grammar.ts'

/** Nothing, or Ceph's sentence on what is wrong with `text` as a capability for `service`. */
export const capsProblem = (service: string, text: string, validatesAll = true): string | undefined => {
  if (service === 'mon') {
    const parsed = parseMonCap(text)
    return E.isLeft(parsed) ? parsed.left : undefined
  }
  if (!validatesAll) return undefined
  switch (service) {
    case 'mgr':
      return checkMgrCap(text)
    case 'osd':
      return checkOsdCap(text)
    case 'mds':
      return checkMdsCap(text)
    default:
      return `unknown cap type '${service}'`
  }
}
