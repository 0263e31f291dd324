/** The monmap of a monitor that does not run, taken out or put in. */
import * as E from 'fp-ts/lib/Either.js'
import { loggerOf, type Logger } from '../node/logger.ts'
import { checkFolder, failed } from './check-folder.ts'
import type { LoadedOptions } from './load-options.ts'
import type { MonArguments } from './mon-arguments.ts'
import { extractMonMap, injectMonMap } from './monmap-file.ts'
import { openStore, type OpenStore } from './open-monitor.ts'

/** Gives the exit code. */
export const runMonmapTool = async (args: MonArguments, { options }: LoadedOptions): Promise<number> => {
  const logger = loggerOf(options)
  const wrong = checkFolder(options)
  if (wrong !== undefined) return failed(logger, wrong)
  const open = await openStore(options)()
  return E.isLeft(open) ? failed(logger, open.left) : editMonMap(args, open.right, logger)
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
