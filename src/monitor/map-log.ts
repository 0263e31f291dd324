/** Which maps the leader has, in the cluster log. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::on_active and its like. */
import type { ServiceName } from '../service/contract.ts'
import { SERVICES } from '../service/registry.ts'
import { clusterLog } from './cluster-log.ts'
import type { Turn } from './turn.ts'
import { worldOf } from './world.ts'

export const logMaps = (turn: Turn, services: Iterable<ServiceName>): void => {
  const world = worldOf(turn)
  for (const name of services) {
    const text = SERVICES[name].describe?.(world)
    if (text !== undefined) clusterLog(turn, 'cluster', 'debug', text)
  }
}
