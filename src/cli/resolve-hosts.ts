/**
 * Host names among the addresses of `mon_host`, asked of the system's resolver. A name stands for all its
 * addresses; a port after it is kept. Addresses stay as they are.
 *
 * Source: ceph src/common/addr_parsing.c resolve_addrs.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { lookup as systemLookup } from 'node:dns/promises'
import { parseAddrvec } from '../codec/type/entity-addr.ts'
import { describeSystemError } from '../node/system-error.ts'

/** Gives the IP addresses of a name; throws when it has none. */
export type Lookup = (name: string) => Promise<readonly string[]>

// Addresses with blanks, commas or semicolons between; a vector stands in brackets.
const ADDRS = /\[[^\]]*\][^,;\s]*|[^,;\s]+/g
const NAME_AND_PORT = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(:\d{1,5})?$/

/** The parts of `mon_host`, one a monitor. */
export const splitHosts = (text: string): readonly string[] => text.match(ADDRS) ?? []

const ofSystem: Lookup = async (name) =>
  (await systemLookup(name, { all: true })).map(({ address }) => address)

/** The parts of `text` with names replaced by addresses. Errors: a sentence with the first name that has none. */
export const resolveHosts = (
  text: string,
  lookup: Lookup = ofSystem,
): TE.TaskEither<string, readonly string[]> => {
  const parts = splitHosts(text).map((part) => resolvePart(part, lookup))
  return TE.map((found: readonly (readonly string[])[]) => found.flat())(TE.sequenceArray(parts))
}

const resolvePart = (part: string, lookup: Lookup): TE.TaskEither<string, readonly string[]> => {
  const [, name, port = ''] = NAME_AND_PORT.exec(part) ?? []
  if (name === undefined || parseAddrvec(part, 'any') !== undefined) return TE.right([part])
  return async () => {
    try {
      const addresses = await lookup(name)
      return E.right(
        addresses.map((address) => (address.includes(':') ? `[${address}]${port}` : `${address}${port}`)),
      )
    } catch (problem) {
      return E.left(`server name not found: ${name} (${whyNot(problem)})`)
    }
  }
}

// The resolver's own codes, in the words of gai_strerror.
const RESOLVER: Readonly<Record<string, string>> = {
  ENOTFOUND: 'Name or service not known',
  EAI_AGAIN: 'Temporary failure in name resolution',
  ENODATA: 'No address associated with hostname',
}

const whyNot = (problem: unknown): string => {
  const code = problem instanceof Error && 'code' in problem ? String(problem.code) : ''
  return RESOLVER[code] ?? describeSystemError(problem)
}
