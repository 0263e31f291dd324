/** Pools by name, as commands name them. */
import { type OsdMap, poolIdOfName } from '../../map/osd-map/osd-map.ts'
import type { CommandReply } from '../contract.ts'
import { ERRNO } from '../errno.ts'
import { failed } from '../reply.ts'

/** Calls `run` with the pool's id, or says that there is none. */
export const withPoolNamed = <A>(
  map: OsdMap,
  name: string,
  missing: (reply: CommandReply) => A,
  run: (id: bigint) => A,
): A => {
  const id = poolIdOfName(map, name)
  return id === undefined ? missing(failed(ERRNO.ENOENT, `unrecognized pool '${name}'`)) : run(id)
}
