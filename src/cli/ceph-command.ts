/**
 * `monclave ceph`: a command for a quorum, typed as for the stock `ceph` and answered as by it, for machines that do
 * not have Ceph's packages. The configuration says where the monitors are and where the key is.
 *
 * Source: ceph src/ceph.in main, src/pybind/ceph_argparse.py.
 */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { askAdminSocket } from '../admin/client.ts'
import { entryOf } from '../auth/entity-auth.ts'
import { parseKeyring } from '../auth/keyring.ts'
import { msgr2Addr, type EntityAddrvec } from '../codec/type/entity-addr.ts'
import { ENTITY_TYPE } from '../codec/type/entity-name.ts'
import { utimeOfMs } from '../codec/type/utime.ts'
import type { Options } from '../config/options.ts'
import { now } from '../node/clock.ts'
import { systemError } from '../node/system-error.ts'
import { COMMAND_TABLE, TELL_COMMAND_TABLE } from '../service/command-table.ts'
import { ERRNO } from '../service/errno.ts'
import type { CephArguments } from './ceph-arguments.ts'
import { commandOfWords, commandUsage, type CommandJson } from './command-words.ts'
import { buildMonMap } from './initial-monmap.ts'
import { loadOptions, type ConfArguments, type Environment, type LoadedOptions } from './load-options.ts'
import { keyringPath } from './mkfs.ts'
import { askMonitor, askMonMap, type MonTarget } from './mon-client.ts'

export interface Said {
  /** 0, or an errno. */
  readonly code: number
  readonly out: Buffer
  readonly err: string
}

export const DEFAULT_FOLDER = 'cluster'

const ANSWER_MS_MAX = 30_000
const SHARED_FORMATS: readonly string[] = ['json', 'json-pretty']

const refused = (err: string, code = 1): Said => ({ code, out: Buffer.alloc(0), err })

/** Carries out what `args` say; `input` is what the command is given to read. */
export const cephCommand = async (args: CephArguments, env: Environment, input: Buffer): Promise<Said> => {
  if (args.help || args.words.length === 0)
    return { code: 0, out: Buffer.from(commandUsage(COMMAND_TABLE, args.words)), err: '' }
  const [first = '', second = '', ...rest] = args.words
  if (args.adminSocket !== undefined) return askDaemon(args.adminSocket, args.words)
  const loaded = loadOptions(confArguments(args), env, 'client')
  if (E.isLeft(loaded)) return refused(loaded.left)
  if (first === 'daemon') return askDaemon(socketOf(second, args, env), rest)
  const isTell = first === 'tell'
  const table = isTell ? TELL_COMMAND_TABLE : COMMAND_TABLE
  const command = commandOfWords(
    table.map((entry) => entry.command),
    isTell ? rest : args.words,
  )
  if (E.isLeft(command)) return refused(`${command.left}\nError EINVAL: invalid command`, ERRNO.EINVAL)
  const json = args.format === undefined ? command.right : { ...command.right, format: args.format }
  const targets = await targetsOf(loaded.right, args)()
  if (E.isLeft(targets)) return refused(`${targets.left} (error connecting to the cluster)`)
  const said = await ask(targets.right, json, input, isTell ? second : undefined)
  return SHARED_FORMATS.includes(args.format ?? '') ? withBlankLine(said) : said
}

// Scripts skip the first line of JSON, because the original once had something else there.
const withBlankLine = (said: Said): Said =>
  said.out.length === 0 ? said : { ...said, out: Buffer.concat([Buffer.from('\n'), said.out]) }

const confArguments = ({ folder, conf, cluster, id, keyring, monHost }: CephArguments): ConfArguments => {
  const path = conf ?? confIn(folder)
  const settings: (readonly [string, string])[] = []
  if (keyring !== undefined) settings.push(['keyring', keyring])
  if (monHost !== undefined) settings.push(['mon_host', monHost])
  return {
    ...(path === undefined ? {} : { conf: path }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(id === undefined ? {} : { id }),
    settings,
    problems: [],
  }
}

// Without any word of where, and with nothing in the environment, the cluster of `make run` is meant.
const confIn = (folder: string | undefined): string | undefined => {
  if (folder !== undefined) return join(resolve(folder), 'ceph.conf')
  const path = join(resolve(DEFAULT_FOLDER), 'ceph.conf')
  return process.env['CEPH_CONF'] === undefined && existsSync(path) ? path : undefined
}

const targetsOf = (
  { options, conf }: LoadedOptions,
  { connectTimeoutS }: CephArguments,
): TE.TaskEither<string, readonly MonTarget[]> =>
  pipe(
    TE.Do,
    TE.bind('key', () => TE.fromEither(ownKey(options))),
    TE.bind('map', () => buildMonMap(options, conf, utimeOfMs(now()))),
    TE.flatMapEither(({ key, map }): E.Either<string, readonly MonTarget[]> => {
      const targets = map.ranks.flatMap((name) => {
        const addrs = v2Only(map.mons.get(name)?.publicAddrs ?? [])
        const timeoutMs = connectTimeoutS === undefined ? ANSWER_MS_MAX : connectTimeoutS * 1000
        return addrs === undefined ? [] : [{ addrs, entityName: clientName(options), key, timeoutMs }]
      })
      return targets.length > 0
        ? E.right(targets)
        : E.left(
            'no monitors specified to connect to: is there a ceph.conf with mon_host? (-c FILE, -d FOLDER)',
          )
    }),
  )

const v2Only = (addrs: EntityAddrvec): EntityAddrvec | undefined => {
  const addr = msgr2Addr(addrs)
  return addr === undefined ? undefined : [addr]
}

const clientName = (options: Options): MonTarget['entityName'] => ({
  type: ENTITY_TYPE.client,
  id: options.identity.id,
})

const ownKey = (options: Options): E.Either<string, MonTarget['key']> => {
  const path = keyringPath(options)
  if (path === undefined) return E.left(`unable to find a keyring on ${options.string('keyring')}`)
  const bytes = systemError(() => readFileSync(path))
  if (E.isLeft(bytes)) return E.left(`${path}: ${bytes.left}`)
  const keyring = parseKeyring(bytes.right)
  const entry = E.isRight(keyring) ? entryOf(keyring.right, clientName(options)) : undefined
  return entry === undefined
    ? E.left(`${path} has no key of client.${options.identity.id}`)
    : E.right(entry.key)
}

/** Asks the first monitor that answers, or the one that is told; a peon passes on what is for the leader. */
const ask = async (
  targets: readonly MonTarget[],
  command: CommandJson,
  input: Buffer,
  told: string | undefined,
): Promise<Said> => {
  let why = 'no monitor'
  for (const target of targets) {
    const map = await askMonMap(target)()
    if (E.isLeft(map)) {
      why = map.left
      continue
    }
    const addrs = told === undefined ? target.addrs : v2Only(addrsOfMon(map.right.mons, told))
    if (addrs === undefined)
      return refused(`error handling command target: no monitor ${told ?? ''}`, ERRNO.EINVAL)
    const answer = await askMonitor(
      { ...target, addrs },
      { fsid: map.right.fsid, command, input, isTell: told !== undefined },
    )()
    if (E.isRight(answer)) return saidOf(answer.right)
    why = answer.left
  }
  return refused(`${why} (error connecting to the cluster)`)
}

const addrsOfMon = (
  mons: ReadonlyMap<string, { readonly publicAddrs: EntityAddrvec }>,
  target: string,
): EntityAddrvec => mons.get(target.replace(/^mon\./, ''))?.publicAddrs ?? []

const NAMES = new Map<number, string>(Object.entries(ERRNO).map(([name, number]) => [number, name]))

const saidOf = ({ code, text, data }: { code: number; text: string; data: Buffer }): Said => {
  const errno = Math.abs(code)
  const err = code < 0 ? `Error ${NAMES.get(errno) ?? `${errno}`}: ${text}` : text
  const isLineEnded = data.length === 0 || data.at(-1) === '\n'.charCodeAt(0)
  return {
    code: code < 0 ? errno : 0,
    out: isLineEnded ? data : Buffer.concat([data, Buffer.from('\n')]),
    err,
  }
}

// `mon.a`, by the configuration of that monitor, or the socket's path.
const socketOf = (target: string, args: CephArguments, env: Environment): string => {
  if (target.includes('/') || !target.startsWith('mon.')) return target
  const loaded = loadOptions({ ...confArguments(args), id: target.slice('mon.'.length) }, env, 'mon')
  return E.isLeft(loaded) ? target : loaded.right.options.string('admin_socket')
}

/** Sends a command to one monitor's admin socket. */
export const askDaemon = async (socket: string, words: readonly string[]): Promise<Said> => {
  const answer = await askAdminSocket(socket, { prefix: words.join(' '), format: 'json-pretty' })()
  if (E.isLeft(answer)) return refused(`admin_socket: ${socket}: ${answer.left.cause.message}`, ERRNO.EINVAL)
  const text = answer.right.toString()
  const isError = text.startsWith('ERROR:')
  return isError
    ? refused(text.trimEnd(), ERRNO.EINVAL)
    : { code: 0, out: Buffer.from(`${text.trimEnd()}\n`), err: '' }
}
