/** Who is at the other end of a simulated connection. */
import { ALLOW_ALL } from '../../src/auth/mon-cap.ts'
import { known } from '../../src/base/assert.ts'
import { entityAddr, type EntityAddrvec } from '../../src/codec/type/entity-addr.ts'
import { ENTITY_TYPE } from '../../src/codec/type/entity-name.ts'
import { FEATURES_ALL } from '../../src/map/feature.ts'
import type { Peer } from '../../src/net/contract.ts'

const FIRST_PORT = 6800

/** Addresses of the monitor with this index; a lower index ranks lower. */
export const addrsOf = (index: number): EntityAddrvec => [
  entityAddr('msgr2', '127.0.0.1', FIRST_PORT + 2 * index),
  entityAddr('legacy', '127.0.0.1', FIRST_PORT + 2 * index + 1),
]

/** A fellow monitor. */
export const monPeer = (index: number): Peer => ({
  type: ENTITY_TYPE.mon,
  num: BigInt(index),
  addrs: addrsOf(index),
  socketAddr: known(addrsOf(index)[0], 'an address'),
  features: FEATURES_ALL,
  lossy: false,
  incoming: true,
  identity: undefined,
})

/** Client `client.admin` with all capabilities, from the address that `port` makes its own. */
export const adminPeer = (port: number): Peer => {
  const addr = entityAddr('msgr2', '127.0.0.9', port)
  return {
    type: ENTITY_TYPE.client,
    num: BigInt(port),
    addrs: [addr],
    socketAddr: addr,
    features: FEATURES_ALL,
    lossy: true,
    incoming: true,
    identity: {
      entityName: { type: ENTITY_TYPE.client, id: 'admin' },
      globalId: BigInt(port),
      globalIdStatus: 'NEW_OK',
      caps: ALLOW_ALL,
    },
  }
}
