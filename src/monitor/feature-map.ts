/** Features of this monitor's sessions, counted by entity type, itself included. */
import { ENTITY_TYPE } from '../codec/type/entity-name.ts'
import { FEATURES_ALL } from '../map/feature.ts'
import { countSession, type FeatureMap } from '../map/feature-map.ts'
import type { MonitorState } from './state.ts'

export const featureMapOf = (state: MonitorState): FeatureMap =>
  [...state.sessions.values()]
    .filter((session) => session.peerType !== ENTITY_TYPE.mon)
    .reduce<FeatureMap>(
      (map, session) => countSession(map, session.peerType, session.features),
      countSession(new Map(), ENTITY_TYPE.mon, FEATURES_ALL),
    )
