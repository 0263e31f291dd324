/**
 * `osd pg-upmap`, `osd pg-upmap-items` and their `rm-` forms: PGs placed by hand.
 * Source: ceph src/mon/OSDMonitor.cc OSDMonitor::prepare_command_impl.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { withEntry } from '../../../base/ordered.ts'
import type { Incremental } from '../../../map/osd-map/incremental.ts'
import { osdExists, type OsdMap } from '../../../map/osd-map/osd-map.ts'
import { RELEASE, releaseName } from '../../../map/release.ts'
import { CephInts, CephString, updateWith } from '../../args.ts'
import type { CommandHandler, CommandReply } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import { withInc } from '../pending.ts'
import { type KnownPg, readPg, refusedCount } from './pg-temp.ts'

/** What is to become of the incremental, and what is said of it. */
interface Change {
  readonly inc: Partial<Incremental>
  readonly text: string
}

interface Asked {
  readonly map: OsdMap
  readonly inc: Incremental
  readonly pg: KnownPg
  readonly ids: readonly number[]
}

const ITEM_NONE = 0x7fff_ffff
const NOTHING_VALID = 'no valid upmap items(pairs) is specified'

// All up OSDs of the releases that a cluster can require understand these maps, so that their features are not asked.
const needsLuminous = (map: OsdMap): CommandReply | undefined =>
  map.requireMinCompatClient < RELEASE.luminous
    ? failed(
        ERRNO.EPERM,
        `min_compat_client ${releaseName(map.requireMinCompatClient)} < luminous, which is required for pg-upmap. ` +
          "Try 'ceph osd set-require-min-compat-client luminous' before using the new interface",
      )
    : undefined

const invalid = (text: string): E.Either<CommandReply, never> => E.left(failed(ERRNO.EINVAL, text))
const absent = (osd: number): E.Either<CommandReply, never> =>
  E.left(failed(ERRNO.ENOENT, `osd.${osd} does not exist`))

const Args = t.partial({ pgid: CephString, id: CephInts })

const upmapCommand = (
  isBusy: (inc: Incremental, pg: KnownPg) => boolean,
  change: (asked: Asked) => E.Either<CommandReply, Change>,
): CommandHandler => ({
  update: (world, pendings, request, command) =>
    updateWith(Args, request, command, ({ pgid = '', id: ids = [] }) => {
      const { map } = world.committed.osdmap
      const { inc } = pendings.osdmap
      const tooOld = needsLuminous(map)
      if (tooOld !== undefined) return answered(request, tooOld)
      const pg = readPg(map, pgid)
      if (E.isLeft(pg)) return answered(request, pg.left)
      if (isBusy(inc, pg.right)) return { _tag: 'RetryAfterCommit' }
      const result = change({ map, inc, pg: pg.right, ids })
      if (E.isLeft(result)) return answered(request, result.left)
      const osdmap = withInc(pendings.osdmap, result.right.inc)
      return prepared(request, { osdmap }, done(result.right.text))
    }),
})

const isUpmapBusy = (inc: Incremental, { key }: KnownPg): boolean =>
  inc.newPgUpmap.has(key) || inc.oldPgUpmap.has(key)
const isItemsBusy = (inc: Incremental, { key }: KnownPg): boolean =>
  inc.newPgUpmapItems.has(key) || inc.oldPgUpmapItems.has(key)

export const osdPgUpmap = upmapCommand(isUpmapBusy, ({ map, inc, pg, ids }) => {
  const wrong = refusedCount(ids.length, pg.pool)
  if (wrong !== undefined) return invalid(wrong)
  const osds: number[] = []
  const notes: string[] = []
  for (const osd of ids) {
    if (osd !== ITEM_NONE && !osdExists(map, osd)) return absent(osd)
    if (osds.includes(osd)) notes.push(`osd.${osd} already exists, `)
    else osds.push(osd)
  }
  return osds.length === 0
    ? invalid(NOTHING_VALID)
    : E.right({
        inc: { newPgUpmap: withEntry(inc.newPgUpmap, pg.key, osds) },
        text: `${notes.join('')}set ${pg.name} pg_upmap mapping to [${osds.join(',')}]`,
      })
})

export const osdRmPgUpmap = upmapCommand(isUpmapBusy, ({ inc, pg }) =>
  E.right({
    inc: { oldPgUpmap: new Set([...inc.oldPgUpmap, pg.key]) },
    text: `clear ${pg.name} pg_upmap mapping`,
  }),
)

const pairsOf = (ids: readonly number[]): readonly (readonly [number, number])[] =>
  ids.flatMap((from, i) => (i % 2 === 0 ? [[from, ids[i + 1] ?? ITEM_NONE] as const] : []))

export const osdPgUpmapItems = upmapCommand(isItemsBusy, ({ map, inc, pg, ids }) => {
  if (ids.length % 2 !== 0) return invalid('you must specify pairs of osd ids to be remapped')
  const pairs = pairsOf(ids)
  if (pairs.length > pg.pool.size)
    return invalid(`num of osd pairs (${pairs.length}) > pool size (${pg.pool.size})`)
  const items: (readonly [number, number])[] = []
  const notes: string[] = []
  for (const [from, to] of pairs) {
    if (from === to) {
      notes.push(`from osd.${from} == to osd.${to}, `)
      continue
    }
    if (!osdExists(map, from)) return absent(from)
    if (to !== ITEM_NONE && !osdExists(map, to)) return absent(to)
    if (items.some(([a, b]) => a === from && b === to))
      notes.push(`osd.${from} -> osd.${to} already exists, `)
    else items.push([from, to])
  }
  return items.length === 0
    ? invalid(`${notes.join('')}${NOTHING_VALID}`)
    : E.right({
        inc: { newPgUpmapItems: withEntry(inc.newPgUpmapItems, pg.key, items) },
        text:
          `${notes.join('')}set ${pg.name} pg_upmap_items mapping to ` +
          `[${items.map(([from, to]) => `${from}->${to}`).join(',')}]`,
      })
})

export const osdRmPgUpmapItems = upmapCommand(isItemsBusy, ({ inc, pg }) =>
  E.right({
    inc: { oldPgUpmapItems: new Set([...inc.oldPgUpmapItems, pg.key]) },
    text: `clear ${pg.name} pg_upmap_items mapping`,
  }),
)
