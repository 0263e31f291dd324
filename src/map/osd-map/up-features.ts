/** What all OSDs that are up understand. Source: ceph src/osd/OSDMap.cc OSDMap::_calc_up_osd_features. */
import { osdIsUp, type OsdMap } from './osd-map.ts'

/** The features that every OSD that is up has; 0 when none is up. An OSD that has said nothing does not count. */
export const upOsdFeatures = (map: OsdMap): bigint => {
  const known = [...map.osds.keys()]
    .filter((osd) => osdIsUp(map, osd))
    .map((osd) => map.osds[osd]?.xinfo.features ?? 0n)
    .filter((features) => features !== 0n)
  return known.length === 0 ? 0n : known.reduce((all, features) => all & features)
}
