/**
 * The monitor daemon's program: what the command line asks for, in the order in which Ceph's own does it.
 *
 * Exit codes: 0 done, or the data folder was there already; 10 no fsid to make one with; 28 the disk is full; 1 all
 * else. Source: ceph src/ceph_mon.cc main.
 */
import * as E from 'fp-ts/lib/Either.js'
import { writeSync } from 'node:fs'
import { OPTIONS } from '../config/option.ts'
import type { Options } from '../config/options.ts'
import { CEPH_VERSION } from '../monitor/version.ts'
import { isBackground, runInBackground } from '../node/daemonize.ts'
import { loggerOf } from '../node/logger.ts'
import { dropPrivileges } from '../node/privileges.ts'
import { checkFolder, failed } from './check-folder.ts'
import { argumentsOf, loadOptions, type Environment, type LoadedOptions } from './load-options.ts'
import { parseMonArguments, type MonArguments } from './mon-arguments.ts'
import { CEPH_MON_USAGE } from './usage.ts'

const STDOUT = 1
const STDERR = 2

const say = (text: string, fd = STDERR): void => {
  writeSync(fd, `${text}\n`)
}

/** Runs `ceph-mon argv`; gives its exit code, once the monitor has ended. */
export const cephMon = async (argv: readonly string[], env: Environment): Promise<number> => {
  const all = argumentsOf(env, argv)
  if (all.length === 0) return refuse('ceph-mon: -h or --help for usage')
  const args = parseMonArguments(all)
  if (E.isLeft(args)) return refuse(args.left)
  if (args.right.help || args.right.version) {
    say(args.right.help ? CEPH_MON_USAGE.trimEnd() : CEPH_VERSION, STDOUT)
    return 0
  }
  const loaded = loadOptions(args.right, env)
  if (E.isLeft(loaded)) return refuse(loaded.left)
  // Who went into the background has said it before.
  if (!isBackground(env)) for (const warning of loaded.right.warnings) say(warning)
  const wrong = refusedArguments(args.right, loaded.right.options)
  return wrong === undefined ? run(args.right, loaded.right, env) : refuse(wrong)
}

const refuse = (text: string, code = 1): number => {
  say(text)
  return code
}

const refusedArguments = (args: MonArguments, options: Options): string | undefined => {
  if (args.rest.length > 0) return `too many arguments: [${args.rest.join(',')}]`
  if (args.forceSync && !args.yesIReallyMeanIt)
    return (
      'are you SURE you want to force a sync?  this will erase local data and may\n' +
      'break your mon cluster.  pass --yes-i-really-mean-it if you do.'
    )
  if (args.crushLocation !== undefined)
    return '--set-crush-location is not supported: there is no stretch mode'
  if (options.string('mon_data') === '') return "must specify '--mon-data=foo' data path"
  return options.identity.id === '' ? 'must specify id (--id <id> or --name mon.<id>)' : undefined
}

const run = async (args: MonArguments, loaded: LoadedOptions, env: Environment): Promise<number> => {
  const { options } = loaded
  if (args.showConfig) return showConfig(options)
  if (args.showConfigValue !== undefined) return showConfigValue(options, args.showConfigValue)
  const isTool = args.mkfs || args.extractMonmap !== undefined || args.injectMonmap !== undefined
  if (!isTool && options.bool('daemonize') && !isBackground(env)) {
    const wrong = checkFolder(options)
    return wrong === undefined ? runInBackground(process.argv.slice(1)) : failed(loggerOf(options), wrong)
  }
  const dropped = dropPrivileges(options)
  if (E.isLeft(dropped)) return refuse(dropped.left)
  for (const warning of dropped.right) say(warning)
  // Each role loads its own code: what only makes a folder, or starts the daemon, need not wait for the monitor's.
  if (args.mkfs) return runMkfs(args, loaded)
  if (isTool) {
    const { runMonmapTool } = await import('./run-monmap-tool.ts')
    return runMonmapTool(args, loaded)
  }
  const { runMonitor } = await import('./run-monitor.ts')
  return runMonitor(args, loaded)
}

const runMkfs = async (args: MonArguments, { options, conf }: LoadedOptions): Promise<number> => {
  const { mkfs } = await import('./mkfs.ts')
  const logger = loggerOf(options)
  const made = await mkfs(options, conf, args.osdmap, (text) => {
    logger.error(`${text}\n`)
  })()
  return E.isRight(made) ? 0 : failed(logger, made.left)
}

const showConfig = (options: Options): number => {
  for (const [name, value] of options.show()) say(`${name} = ${value}`, STDOUT)
  return 0
}

const showConfigValue = (options: Options, name: string): number => {
  if (!OPTIONS.has(name)) return refuse(`failed to get config option '${name}': option not found`)
  say(options.text(name), STDOUT)
  return 0
}
