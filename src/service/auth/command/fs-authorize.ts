/**
 * `fs authorize <filesystem> <entity> <path> <flags> [root_squash]…`: an entity with capabilities for paths of a file
 * system, spelt out for monitors, OSDs and metadata servers.
 *
 * Source: ceph src/mon/AuthMonitor.cc prepare_command, "fs authorize".
 */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { CapsMap } from '../../../auth/entity-auth.ts'
import { addEntity } from '../../../auth/key-server-data.ts'
import { authOf } from '../../../auth/key-server.ts'
import { type EntityName, printEntityName } from '../../../codec/type/entity-name.ts'
import { CephString, CephStrings, updateWith } from '../../args.ts'
import type { CommandHandler, CommandReply, World } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, failed, prepared } from '../../reply.ts'
import { checkedCaps, entityNamed } from '../entity-args.ts'
import { differingCap } from '../entity-match.ts'
import { createEntity } from '../get-or-create.ts'
import { keysOf, printEntity } from '../keys.ts'
import { isEntityPending, withChanges } from '../state.ts'

const Args = t.partial({ filesystem: CephString, entity: CephString, caps: CephStrings })

const invalid = (text: string): E.Either<CommandReply, never> => E.left(failed(ERRNO.EINVAL, text))

/** A path and what may be done below it. */
interface Grant {
  readonly path: string
  readonly flags: string
  readonly rootSquash: boolean
}

// Three words are a grant with root_squash when the third says so; what is left over at the end is ignored.
const grantsOf = (words: readonly string[]): readonly Grant[] => {
  const [path, flags, third] = words
  if (path === undefined || flags === undefined) return []
  const rootSquash = third === 'root_squash'
  return [{ path, flags, rootSquash }, ...grantsOf(words.slice(rootSquash ? 3 : 2))]
}

const flagsProblem = (flags: string): string | undefined => {
  if (flags !== 'r' && !flags.startsWith('rw')) return "Permission flags must start with 'r' or 'rw'."
  const unknown = /[^ps]/.exec(flags.slice(2))
  return unknown === null ? undefined : `Unknown permission flag '${unknown[0]}'.`
}

/** The file system's name as capabilities restrict themselves to it; empty for all of them. */
const restriction = ({ committed }: World, filesystem: string): E.Either<CommandReply, string> => {
  if (filesystem === '*' || filesystem === 'all') return E.right('')
  const known = [...committed.mdsmap.map.filesystems.values()].some(
    ({ mdsMap }) => mdsMap.fsName === filesystem,
  )
  return known ? E.right(` fsname=${filesystem}`) : invalid(`filesystem ${filesystem} does not exist.`)
}

const wantedCaps = (
  world: World,
  filesystem: string,
  grants: readonly Grant[],
): E.Either<CommandReply, CapsMap> => {
  const fs = restriction(world, filesystem)
  if (E.isLeft(fs)) return fs
  const problem = grants.map(({ flags }) => flagsProblem(flags)).find((text) => text !== undefined)
  if (problem !== undefined) return invalid(problem)
  const mds = grants.map(({ path, flags, rootSquash }) =>
    [`allow ${flags}${fs.right}`, path === '/' ? '' : ` path=${path}`, rootSquash ? ' root_squash' : ''].join(
      '',
    ),
  )
  const bits = grants.some(({ flags }) => flags.startsWith('rw')) ? 'rw' : 'r'
  return checkedCaps(world, [
    ...['mon', `allow r${fs.right}`],
    ...['osd', `allow ${bits} tag cephfs data=${filesystem}`],
    ...['mds', mds.join(', ')],
  ])
}

const differs = (name: EntityName): CommandReply => {
  const entity = printEntityName(name)
  return failed(
    ERRNO.EINVAL,
    `${entity} already has fs capabilities that differ from those supplied. To generate a new auth key for ` +
      `${entity}, first remove ${entity} from configuration files, execute 'ceph auth rm ${entity}', then execute ` +
      'this command again.',
  )
}

export const fsAuthorize: CommandHandler = {
  update: (world, { auth: pending }, request, command) =>
    updateWith(Args, request, command, ({ filesystem = '', entity = '', caps: words = [] }) => {
      const name = entityNamed(entity)
      if (E.isLeft(name)) return answered(request, name.left)
      const caps = wantedCaps(world, filesystem, grantsOf(words))
      if (E.isLeft(caps)) return answered(request, caps.left)
      const auth = authOf(keysOf(world), name.right)
      if (auth !== undefined) {
        const same = differingCap(auth.caps, caps.right) === undefined
        return answered(
          request,
          same ? printEntity(command, { name: name.right, auth }) : differs(name.right),
        )
      }
      if (isEntityPending(pending, name.right)) return { _tag: 'RetryAfterCommit' }
      const entry = createEntity(world, name.right, caps.right)
      const changes = [{ _tag: 'Keys', change: addEntity(entry) }] as const
      return prepared(request, { auth: withChanges(pending, changes) }, printEntity(command, entry))
    }),
}
