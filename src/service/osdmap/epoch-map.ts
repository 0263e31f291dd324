/** The osdmap of the epoch that a command asks about. */
import * as E from 'fp-ts/lib/Either.js'
import { invariant } from '../../base/assert.ts'
import { osdMapOf } from '../../map/osd-map/codec.ts'
import type { OsdMap } from '../../map/osd-map/osd-map.ts'
import type { CommandReply, World } from '../contract.ts'
import { ERRNO } from '../errno.ts'
import { failed } from '../reply.ts'
import { fullMapBytes } from './version.ts'

/** Calls `run` with the map and its bytes, the newest by default, or says that there is none. */
export const withMapOfEpoch = (
  world: World,
  asked: number | undefined,
  run: (map: OsdMap, bytes: Buffer) => CommandReply,
): CommandReply => {
  const { map } = world.committed.osdmap
  const epoch = asked ?? map.epoch
  const bytes = fullMapBytes(world.store, epoch)
  if (bytes === undefined) return failed(ERRNO.ENOENT, `there is no map for epoch ${epoch}`)
  if (epoch === map.epoch) return run(map, bytes)
  const old = osdMapOf(bytes)
  invariant(E.isRight(old), `osdmap full_${epoch} in the store cannot be decoded`)
  return run(old.right, bytes)
}
