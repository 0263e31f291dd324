/**
 * What this monitor says it is. Tools and managers parse this line, and a mixed quorum compares it, so it is the
 * release whose behaviour is implemented; `monclave_version` in the metadata tells who implements it.
 */
export const COMMIT = '618f440892089921c3e944a991122ddc44e60516'
export const CEPH_VERSION_SHORT = '16.2.15'
export const CEPH_VERSION = `ceph version ${CEPH_VERSION_SHORT} (${COMMIT}) pacific (stable)`
export const CEPH_RELEASE = 'pacific'
