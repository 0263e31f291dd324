/** OSD ids as commands name them. Source: ceph src/mon/OSDMonitor.cc, src/osd/osd_types.h parse_osd_id. */

/** `3` or `osd.3`; undefined for what is neither. */
export const parseOsdId = (text: string): number | undefined => {
  const match = /^(?:osd\.)?(\d{1,9})$/.exec(text)
  return match === null ? undefined : Number(match[1])
}
