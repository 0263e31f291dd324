/** OSDs as commands name them. Source: ceph src/common/util.cc, src/mon/OSDMonitor.cc parse_osd_id. */
import * as E from 'fp-ts/lib/Either.js'
import { parseInteger } from '../../config/parse-number.ts'

/** `3` or `osd.3`. Errors: what is wrong, in the original's words. */
export const readOsdId = (text: string): E.Either<string, number> => {
  const id = parseInteger(text.startsWith('osd.') ? text.slice('osd.'.length) : text)
  if (E.isLeft(id)) return id
  return id.right < 0n || id.right > ID_MAX
    ? E.left(`osd id ${id.right} is invalid`)
    : E.right(Number(id.right))
}

const ID_MAX = 0x7fff_ffffn

/** As `readOsdId`, undefined for what is no id. */
export const parseOsdId = (text: string): number | undefined => {
  const id = readOsdId(text)
  return E.isRight(id) ? id.right : undefined
}

/** Whether a list of ids begins with a word for all OSDs. */
export const isEveryOsd = (ids: readonly string[]): boolean =>
  ids[0] === 'any' || ids[0] === 'all' || ids[0] === '*'
