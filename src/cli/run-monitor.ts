/** The monitor itself: from its folder to its end. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { printAddrvec } from '../codec/type/entity-addr.ts'
import type { Options } from '../config/options.ts'
import { CEPH_VERSION } from '../monitor/version.ts'
import { isBackground, reportReady, writePidFile } from '../node/daemonize.ts'
import { loggerOf, type Logger } from '../node/logger.ts'
import { startMonitor } from '../node/runtime.ts'
import type { MonitorSetup } from '../node/setup.ts'
import { handleSignals } from '../node/signals.ts'
import { systemError } from '../node/system-error.ts'
import { describeStoreError } from '../store/kv.ts'
import { putU64, transactionOf } from '../store/transaction.ts'
import { checkFolder, failed, type StartProblem } from './check-folder.ts'
import type { LoadedOptions } from './load-options.ts'
import type { MonArguments } from './mon-arguments.ts'
import { openStore, setupOf, type OpenStore } from './open-monitor.ts'

/** Gives the exit code, once the monitor has ended. */
export const runMonitor = async (args: MonArguments, loaded: LoadedOptions): Promise<number> => {
  const logger = loggerOf(loaded.options)
  const wrong = checkFolder(loaded.options)
  if (wrong !== undefined) return failed(logger, wrong)
  const open = await openStore(loaded.options)()
  return E.isLeft(open) ? failed(logger, open.left) : runDaemon(args, loaded, open.right, logger)
}

const runDaemon = async (
  args: MonArguments,
  { options, conf }: LoadedOptions,
  open: OpenStore,
  logger: Logger,
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
  const running = await startMonitor({ ...setup.right, logger })()
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
