/**
 * Maps for subscribers.
 *
 * Source: ceph src/mon/OSDMonitor.cc OSDMonitor::check_osdmap_sub, send_incremental, build_incremental.
 */
import { known } from '../../base/assert.ts'
import type { MOSDMap } from '../../message/osd-map.ts'
import type { Session, Subscription, SubscriptionAnswer, World } from '../contract.ts'
import { fullMapBytes, incrementalMapBytes } from './version.ts'

/** `osdmap`: from epoch `start` on, 0 for the newest full map. */
export const subscribeOsdmap = (
  world: World,
  _session: Session,
  { start, onetime }: Subscription,
): SubscriptionAnswer | undefined => {
  const { lastCommitted } = world.committed.osdmap
  if (lastCommitted === 0n || start > lastCommitted) return undefined
  const messages = start === 0n ? [latestFull(world)] : mapsFrom(world, Number(start), onetime)
  return { messages, next: lastCommitted + 1n }
}

const mapMessage = (world: World, maps: Partial<Pick<MOSDMap, 'fulls' | 'incrementals'>>): MOSDMap => {
  const { firstCommitted, lastCommitted } = world.committed.osdmap
  return {
    _tag: 'MOSDMap',
    fsid: world.fsid,
    incrementals: new Map(),
    fulls: new Map(),
    oldest: Number(firstCommitted),
    newest: Number(lastCommitted),
    ...maps,
  }
}

const fullOf = (world: World, epoch: number): Buffer =>
  known(fullMapBytes(world.store, epoch), `osdmap full_${epoch}`)

const latestFull = (world: World): MOSDMap => {
  const epoch = Number(world.committed.osdmap.lastCommitted)
  return mapMessage(world, { fulls: new Map([[epoch, fullOf(world, epoch)]]) })
}

/**
 * Incrementals from `start` on in as many messages as their number per message asks for; before the first of them
 * the oldest full map, when the start lies further back. Only the first message for whoever asks once.
 */
const mapsFrom = (world: World, start: number, onetime: boolean): readonly MOSDMap[] => {
  const first = Number(world.committed.osdmap.firstCommitted)
  const last = Number(world.committed.osdmap.lastCommitted)
  const perMessage = Math.max(1, world.options.int('osd_map_message_max'))
  const messages: MOSDMap[] = []
  let epoch = start
  if (epoch < first) {
    messages.push(mapMessage(world, { fulls: new Map([[first, fullOf(world, first)]]) }))
    epoch = first + 1
  }
  while (epoch <= last) {
    const end = Math.min(epoch + perMessage - 1, last)
    messages.push(incrementalMessage(world, epoch, end))
    epoch = end + 1
    if (onetime) break
  }
  return messages
}

// An epoch whose incremental is gone is sent whole.
const incrementalMessage = (world: World, from: number, to: number): MOSDMap => {
  const incrementals = new Map<number, Buffer>()
  const fulls = new Map<number, Buffer>()
  for (let epoch = from; epoch <= to; epoch++) {
    const bytes = incrementalMapBytes(world.store, epoch)
    if (bytes === undefined) fulls.set(epoch, fullOf(world, epoch))
    else incrementals.set(epoch, bytes)
  }
  return mapMessage(world, { incrementals, fulls })
}

/** Ranges of full maps and incrementals, cut to osd_map_message_max maps. Source: OSDMonitor::preprocess_get_osdmap. */
export const mapsOfRanges = (
  world: World,
  full: readonly [first: number, last: number],
  inc: readonly [first: number, last: number],
): MOSDMap => {
  const { firstCommitted, lastCommitted } = world.committed.osdmap
  let room = world.options.int('osd_map_message_max')
  let bytesRoom = world.options.int('osd_map_message_max_bytes')
  const collect = (
    [first, last]: readonly [number, number],
    read: (epoch: number) => Buffer | undefined,
  ): ReadonlyMap<number, Buffer> => {
    const maps = new Map<number, Buffer>()
    const end = Math.min(Number(lastCommitted), last)
    for (
      let epoch = Math.max(Number(firstCommitted), first);
      epoch <= end && room > 0 && bytesRoom > 0;
      epoch++
    ) {
      const bytes = known(read(epoch), `osdmap ${epoch}`)
      maps.set(epoch, bytes)
      room -= 1
      bytesRoom -= bytes.length
    }
    return maps
  }
  const fulls = collect(full, (epoch) => fullMapBytes(world.store, epoch))
  return mapMessage(world, {
    fulls,
    incrementals: collect(inc, (epoch) => incrementalMapBytes(world.store, epoch)),
  })
}
