/**
 * The options of a starting monitor: defaults, configuration file, environment, command line.
 *
 * Source: ceph src/global/global_init.cc, src/common/config.cc md_config_t::parse_config_files.
 */
import * as E from 'fp-ts/lib/Either.js'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename } from 'node:path'
import { textOf } from '../base/text.ts'
import { confValues, EMPTY_CONF, parseConfFile, type ConfFile } from '../config/conf-file.ts'
import { Options, type OptionError } from '../config/options.ts'
import type { MonArguments } from './mon-arguments.ts'

export interface LoadedOptions {
  readonly options: Options
  /** The file that was read; undefined when none was found. */
  readonly confPath: string | undefined
  readonly conf: ConfFile
  /** Said to the user; none of them stops the monitor. */
  readonly warnings: readonly string[]
}

// What the monitor wants otherwise than other daemons. Source: ceph src/ceph_mon.cc main; the features of an RBD
// image are shown as their number.
const MON_DEFAULTS: ReadonlyMap<string, string> = new Map([
  ['keyring', '$mon_data/keyring'],
  ['leveldb_write_buffer_size', '33554432'],
  ['leveldb_cache_size', '536870912'],
  ['leveldb_block_size', '65536'],
  ['leveldb_compression', 'false'],
  ['leveldb_log', ''],
  ['rbd_default_features', '61'],
])

const DEFAULT_CLUSTER = 'ceph'

export type Environment = Readonly<Record<string, string | undefined>>

/** The arguments in CEPH_ARGS, which come before those of the command line. */
export const argumentsOf = (env: Environment, argv: readonly string[]): readonly string[] => [
  ...(env['CEPH_ARGS'] ?? '').split(' ').filter((word) => word !== ''),
  ...argv,
]

/** What of a command line concerns the options. */
export type ConfArguments = Pick<MonArguments, 'conf' | 'cluster' | 'id' | 'settings' | 'problems'>

/** Errors: a text for the user, when the configuration file that was named cannot be read, or one has bad syntax. */
export const loadOptions = (
  args: ConfArguments,
  env: Environment,
  type: 'mon' | 'client' = 'mon',
): E.Either<string, LoadedOptions> =>
  E.map((found: FoundConf): LoadedOptions => {
    const cluster = args.cluster ?? clusterOfConf(found.path)
    const identity = {
      cluster,
      type,
      id: args.id ?? 'admin',
      host: hostname().split('.', 1)[0] ?? '',
      pid: process.pid,
      home: env['HOME'] ?? '',
    }
    const keyring = env['CEPH_KEYRING']
    const steps = [
      ['default', type === 'mon' ? MON_DEFAULTS : []],
      ['file', confValues(found.conf, [`${type}.${identity.id}`, type, 'global'])],
      ['env', keyring === undefined ? [] : [['keyring', keyring] as const]],
      ['cmdline', args.settings],
    ] as const
    let options = Options.of(identity)
    const warnings = [...found.warnings, ...args.problems]
    for (const [level, entries] of steps) {
      const next = options.withAll(level, entries)
      options = next.options
      warnings.push(
        ...next.errors.filter((error) => level !== 'file' || isBadValue(error)).map(settingProblem),
      )
    }
    const host = options.string('host')
    return {
      options: host === '' ? options : options.withIdentity({ ...identity, host }),
      confPath: found.path,
      conf: found.conf,
      warnings,
    }
  })(findConf(args, env))

// A file may name options of other programs and of other releases.
const isBadValue = (error: OptionError): boolean => error._tag === 'InvalidValue'

const settingProblem = (error: OptionError): string => {
  switch (error._tag) {
    case 'InvalidValue':
      return `parse error setting '${error.name}' to '${error.text}'${error.why === '' ? '' : ` (${error.why})`}\n`
    case 'UnknownOption':
      return `unknown option '${error.name}'\n`
    case 'NotAtRuntime':
      return `Configuration option '${error.name}' may not be modified at runtime\n`
  }
}

interface FoundConf {
  readonly path: string | undefined
  readonly conf: ConfFile
  readonly warnings: readonly string[]
}

const NO_FILE: FoundConf = { path: undefined, conf: EMPTY_CONF, warnings: [] }

const findConf = (args: ConfArguments, env: Environment): E.Either<string, FoundConf> => {
  const isUnwanted = args.settings.findLast(([name]) => name === 'no_config_file')?.[1] === 'true'
  if (isUnwanted) return E.right(NO_FILE)
  const named = args.conf ?? env['CEPH_CONF']
  const cluster = args.cluster ?? DEFAULT_CLUSTER
  const paths = named?.split(/[,;]/).filter((path) => path !== '') ?? [
    `/etc/ceph/${cluster}.conf`,
    `${env['HOME'] ?? ''}/.ceph/${cluster}.conf`,
    `${cluster}.conf`,
  ]
  for (const path of paths) {
    const text = readText(path)
    if (text === undefined) continue
    return E.bimap(
      (why: string) => `global_init: error reading config file. ${why}`,
      (conf: ConfFile): FoundConf => ({ path, conf, warnings: [] }),
    )(parseConfFile(text))
  }
  return named === undefined
    ? E.right({ ...NO_FILE, warnings: ['did not load config file, using default settings.'] })
    : E.left(`global_init: unable to open config file from search list ${named}`)
}

const readText = (path: string): string | undefined => {
  try {
    return textOf(readFileSync(path))
  } catch {
    return undefined
  }
}

// `x.conf` is of cluster x. Source: ceph src/common/config.cc md_config_t::get_cluster_name.
const clusterOfConf = (path: string | undefined): string => {
  const name = path === undefined ? '' : basename(path)
  return name.endsWith('.conf') && name.length > '.conf'.length
    ? name.slice(0, -'.conf'.length)
    : DEFAULT_CLUSTER
}
