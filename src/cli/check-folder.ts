/** What is looked at before anything of a monitor is loaded: whether its data folder can be used at all. */
import * as E from 'fp-ts/lib/Either.js'
import { existsSync, readdirSync, statfsSync } from 'node:fs'
import type { Options } from '../config/options.ts'
import type { Logger } from '../node/logger.ts'
import { systemError } from '../node/system-error.ts'

/** Why a monitor cannot start: exit code, and what to say. */
export interface StartProblem {
  readonly code: number
  readonly text: string
}

/** Exit code 1, unless another is named. */
export const problem = (text: string, code = 1): StartProblem => ({ code, text })

const ENOSPC = 28

/** Whether the data folder can be used at all. */
export const checkFolder = (options: Options): StartProblem | undefined => {
  const folder = options.string('mon_data')
  if (!existsSync(folder))
    return problem(`monitor data directory at '${folder}' does not exist: have you run 'mkfs'?`)
  const names = systemError(() => readdirSync(folder))
  if (E.isLeft(names)) return problem(`error accessing '${folder}': ${names.left}`)
  if (names.right.length === 0)
    return problem(`monitor data directory at '${folder}' is empty: have you run 'mkfs'?`)
  return checkSpace(folder, options.int('mon_data_avail_crit'))
}

const checkSpace = (folder: string, percentCritical: number): StartProblem | undefined => {
  const stats = systemError(() => statfsSync(folder))
  if (E.isLeft(stats)) return problem(`error checking monitor data's fs stats: ${stats.left}`)
  const { bavail, blocks, bsize } = stats.right
  const percent = Math.floor((bavail / Math.max(blocks, 1)) * 100)
  return percent > percentCritical
    ? undefined
    : problem(
        'error: monitor data filesystem reached concerning levels of available storage space ' +
          `(available: ${percent}% ${Math.floor((bavail * bsize) / (1 << 20))} MiB)\n` +
          "you may adjust 'mon data avail crit' to a lower value to make this go away " +
          `(default: ${percentCritical}%)\n`,
        ENOSPC,
      )
}

/** Says what is wrong; gives the exit code. */
export const failed = (logger: Logger, { text, code }: StartProblem): number => {
  logger.error(`${text}\n`)
  logger.close()
  return code
}
