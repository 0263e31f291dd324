/**
 * The monitor daemon's program: what the command line asks for, in the order in which Ceph's own does it.
 *
 * Exit codes: 0 done, or the data folder was there already; 10 no fsid to make one with; 28 the disk is full; 1 all
 * else. Source: ceph src/ceph_mon.cc main.
 */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { writeSync } from 'node:fs'
import { printAddrvec } from '../codec/type/entity-addr.ts'
import { OPTIONS } from '../config/option.ts'
import type { Options } from '../config/options.ts'
import { CEPH_VERSION } from '../monitor/version.ts'
import { isBackground, reportReady, runInBackground, writePidFile } from '../node/daemonize.ts'
import { loggerOf, type Logger } from '../node/logger.ts'
import { dropPrivileges } from '../node/privileges.ts'
import type { MonitorSetup, StartMonitor } from '../node/setup.ts'
import { handleSignals } from '../node/signals.ts'
import { describeStoreError } from '../store/kv.ts'
import { putU64, transactionOf } from '../store/transaction.ts'
import { argumentsOf, loadOptions, type Environment, type LoadedOptions } from './load-options.ts'
import { mkfs } from './mkfs.ts'
import { parseMonArguments, type MonArguments } from './mon-arguments.ts'
import { extractMonMap, injectMonMap } from './monmap-file.ts'
import { checkFolder, openStore, setupOf, type OpenStore, type StartProblem } from './open-monitor.ts'
import { systemError } from '../node/system-error.ts'
import { CEPH_MON_USAGE } from './usage.ts'

const STDOUT = 1
const STDERR = 2

const say = (text: string, fd = STDERR): void => {
  writeSync(fd, `${text}\n`)
}

/** Runs `ceph-mon argv`; gives its exit code, once the monitor has ended. */
export const cephMon = async (
  argv: readonly string[],
  env: Environment,
  start: StartMonitor,
): Promise<number> => {
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
  return wrong === undefined ? run(args.right, loaded.right, env, start) : refuse(wrong)
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

const run = async (
  args: MonArguments,
  loaded: LoadedOptions,
  env: Environment,
  start: StartMonitor,
): Promise<number> => {
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
  return isTool ? runTool(args, loaded) : runMonitor(args, loaded, start)
}

const runTool = async (args: MonArguments, { options, conf }: LoadedOptions): Promise<number> => {
  const logger = loggerOf(options)
  if (args.mkfs) {
    const made = await mkfs(options, conf, args.osdmap, (text) => {
      logger.error(`${text}\n`)
    })()
    return E.isRight(made) ? 0 : failed(logger, made.left)
  }
  const wrong = checkFolder(options)
  if (wrong !== undefined) return failed(logger, wrong)
  const open = await openStore(options)()
  return E.isLeft(open) ? failed(logger, open.left) : editMonMap(args, open.right, logger)
}

const runMonitor = async (
  args: MonArguments,
  loaded: LoadedOptions,
  start: StartMonitor,
): Promise<number> => {
  const logger = loggerOf(loaded.options)
  const wrong = checkFolder(loaded.options)
  if (wrong !== undefined) return failed(logger, wrong)
  const open = await openStore(loaded.options)()
  return E.isLeft(open) ? failed(logger, open.left) : runDaemon(args, loaded, open.right, logger, start)
}

const failed = (logger: Logger, { text, code }: StartProblem): number => {
  logger.error(`${text}\n`)
  logger.close()
  return code
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

const editMonMap = async (args: MonArguments, open: OpenStore, logger: Logger): Promise<number> => {
  const result =
    args.injectMonmap === undefined
      ? extractMonMap(open.store, args.extractMonmap ?? '')
      : await injectMonMap(open, args.injectMonmap)()
  await open.kv.close()
  if (E.isLeft(result)) return failed(logger, { code: 1, text: result.left })
  if (args.injectMonmap === undefined) logger.error(`wrote monmap to ${args.extractMonmap ?? ''}\n`)
  logger.close()
  return 0
}

const runDaemon = async (
  args: MonArguments,
  { options, conf }: LoadedOptions,
  open: OpenStore,
  logger: Logger,
  start: StartMonitor,
): Promise<number> => {
  const setup = await pipe(
    prepared(args, options, open, logger),
    TE.flatMap((ready) => setupOf(ready, options, conf)),
  )()
  if (E.isLeft(setup)) {
    await open.kv.close()
    return failed(logger, setup.left)
  }
  announce(setup.right, logger)
  const pidFile = options.string('pid_file')
  const written = systemError(() => writePidFile(pidFile))
  if (E.isLeft(written)) {
    await open.kv.close()
    return failed(logger, { code: 1, text: `open: failed to open pid file '${pidFile}': ${written.left}` })
  }
  const removePidFile = written.right
  const running = await start({ ...setup.right, logger })()
  if (E.isLeft(running)) {
    removePidFile()
    return failed(logger, { code: 1, text: running.left })
  }
  if (isBackground(process.env)) {
    reportReady()
    logger.detach()
  }
  const ignoreSignals = handleSignals({
    onShutdown: (signal) => {
      logger.error(`received ${signal}, shutting down`)
      running.right.shutdown()
    },
    onReopen: logger.reopen,
  })
  const { code, reason } = await running.right.ended
  ignoreSignals()
  logger.log('mon', 0, `ended: ${reason}`)
  removePidFile()
  logger.close()
  return code
}

const announce = (
  { options, monmap, addrs, bindAddrs }: Omit<MonitorSetup, 'logger'>,
  logger: Logger,
): void => {
  const name = options.identity.id
  logger.log('mon', 0, `${CEPH_VERSION}, process ceph-mon, pid ${process.pid}`)
  logger.log(
    'mon',
    0,
    `starting mon.${name} rank ${monmap.ranks.indexOf(name)} at public addrs ${printAddrvec(addrs)} ` +
      `at bind addrs ${printAddrvec(bindAddrs)} mon_data ${options.string('mon_data')} fsid ${monmap.fsid}`,
  )
}

// Before the store is used: a sync that was asked for is marked, a compaction done.
const prepared =
  (
    args: MonArguments,
    options: Options,
    open: OpenStore,
    logger: Logger,
  ): TE.TaskEither<StartProblem, OpenStore> =>
  async () => {
    let { store } = open
    if (args.forceSync) {
      const mark = transactionOf([putU64('mon_sync', 'force_sync', 1n)])
      const marked = await open.kv.commit(mark, { sync: true })()
      if (E.isLeft(marked)) return E.left({ code: 1, text: describeStoreError(marked.left) })
      store = store.apply(mark)
    }
    if (args.compact || options.bool('mon_compact_on_start')) {
      logger.error('compacting monitor store ...\n')
      const compacted = await open.kv.compact()
      if (E.isLeft(compacted)) return E.left({ code: 1, text: describeStoreError(compacted.left) })
      logger.error('done compacting\n')
    }
    return E.right({ ...open, store })
  }
