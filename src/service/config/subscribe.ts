/**
 * `config`: the options of the session's own entity, at first in any case, then whenever they differ.
 *
 * Source: ceph src/mon/ConfigMonitor.cc ConfigMonitor::check_sub, refresh_config, handle_get_config.
 */
import { ENTITY_TYPE } from '../../codec/type/entity-name.ts'
import type { MGetConfig } from '../../message/config.ts'
import type { QueryResult, Request, Session, Subscription, SubscriptionAnswer, World } from '../contract.ts'
import { configFor, type EntityPlace, placeOf } from './entity-config.ts'

export const subscribeConfig = (
  world: World,
  session: Session,
  { start }: Subscription,
): SubscriptionAnswer | undefined => {
  const { lastCommitted, previousMap } = world.committed.config
  if (start > lastCommitted) return undefined
  const { entityName } = session.identity
  const place = placeOfSession(world, session)
  const config = configFor(world, entityName, place)
  // One version behind: the session has what the previous map says.
  const isUnchanged =
    start > 0n &&
    start === lastCommitted &&
    previousMap !== undefined &&
    isSame(config, configFor(world, entityName, place, previousMap))
  return {
    messages: isUnchanged ? [] : [{ _tag: 'MConfig', config }],
    next: lastCommitted + 1n,
  }
}

const placeOfSession = (world: World, { peerType, num, hostname = '' }: Session): EntityPlace =>
  placeOf(world.committed.osdmap.map.crush, hostname, peerType === ENTITY_TYPE.osd ? Number(num) : undefined)

const isSame = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean =>
  a.size === b.size && [...a].every(([name, value]) => b.get(name) === value)

/** MGetConfig: the same, asked once, for an entity and place of the asker's choice. */
export const answerGetConfig = (world: World, request: Request, message: MGetConfig): QueryResult => {
  const { crush } = world.committed.osdmap.map
  const place = { ...placeOf(crush, message.host), deviceClass: message.deviceClass }
  return {
    _tag: 'Answered',
    effects: [
      {
        _tag: 'Reply',
        request,
        message: { _tag: 'MConfig', config: configFor(world, message.name, place) },
      },
    ],
  }
}
