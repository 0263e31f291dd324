/** Commands of the osdmap service, by prefix. */
import type { CommandHandler } from '../../contract.ts'
import { blocklistChange, blocklistClear, blocklistList } from './blocklist.ts'
import { crushAddBucket, crushRenameBucket, crushSetTunable, crushTunables } from './crush-bucket.ts'
import {
  crushClassCreate,
  crushClassRemove,
  crushClassRename,
  crushRemoveDeviceClass,
  crushSetDeviceClass,
} from './crush-class.ts'
import {
  crushAdd,
  crushCreateOrMove,
  crushLink,
  crushMove,
  crushRemove,
  crushReweight,
  crushReweightAll,
  crushReweightSubtree,
  crushSet,
  crushUnlink,
} from './crush-item.ts'
import { crushRuleCreate, crushRuleRemove, crushRuleRename } from './crush-rule.ts'
import {
  crushClassList,
  crushClassListOsd,
  crushDump,
  crushGetDeviceClass,
  crushGetTunable,
  crushList,
  crushRuleDump,
  crushRuleList,
  crushRuleListByClass,
  crushShowTunables,
  crushWeightSetDump,
  crushWeightSetList,
} from './crush-query.ts'
import { crushRuleCreateErasure } from './crush-rule-erasure.ts'
import { erasureProfileSet } from './erasure-profile-set.ts'
import { erasureProfileGet, erasureProfileList, erasureProfileRemove } from './erasure-profile.ts'
import { osdPause, osdSet, osdUnpause, osdUnset } from './flag.ts'
import { osdSetGroup, osdUnsetGroup, SINGLE_FLAG_COMMANDS } from './group-flag.ts'
import {
  osdDump,
  osdGetCrushMap,
  osdGetMap,
  osdGetMaxOsd,
  osdInfo,
  osdList,
  osdListTree,
  osdStat,
} from './map-query.ts'
import { osdCountMetadata, osdFind, osdMetadataCommand, osdNumaStatus, osdVersions } from './metadata.ts'
import { osdMapObject, pgMap } from './object-map.ts'
import { osdDestroy, osdPurge, osdPurgeNew } from './osd-destroy.ts'
import { osdCreate, osdNew } from './osd-new.ts'
import { osdDown, osdIn, osdOut, osdRemove, osdStop } from './osd-state.ts'
import { osdLost, osdPrimaryAffinity, osdReweight, osdReweightMany } from './osd-weight.ts'
import { osdPgTemp, osdPrimaryTemp, pgRepeer } from './pg-temp.ts'
import { osdPgUpmap, osdPgUpmapItems, osdRmPgUpmap, osdRmPgUpmapItems } from './pg-upmap.ts'
import {
  poolApplicationDisable,
  poolApplicationEnable,
  poolApplicationGet,
  poolApplicationRemove,
  poolApplicationSet,
} from './pool-application.ts'
import { poolCreate } from './pool-create.ts'
import { poolDelete } from './pool-delete.ts'
import { poolGet } from './pool-get.ts'
import { listPools, poolList } from './pool-list.ts'
import { poolGetQuota, poolSetQuota } from './pool-quota.ts'
import { poolRename } from './pool-rename.ts'
import { poolSet } from './pool-set.ts'
import { poolMakeSnap, poolRemoveSnap } from './pool-snap.ts'
import {
  osdGetRequireMinCompatClient,
  osdRequireOsdRelease,
  osdSetBackfillfullRatio,
  osdSetFullRatio,
  osdSetMaxOsd,
  osdSetNearfullRatio,
  osdSetRequireMinCompatClient,
} from './setting.ts'
import { tierAdd } from './tier-add.ts'
import { tierAddCache } from './tier-add-cache.ts'
import { tierCacheMode } from './tier-cache-mode.ts'
import { tierRemoveOverlay, tierSetOverlay } from './tier-overlay.ts'
import { tierRemove } from './tier-remove.ts'
import { crushTreeCommand, osdTree, osdTreeFrom } from './tree.ts'

export const OSDMAP_COMMANDS: ReadonlyMap<string, CommandHandler> = new Map<string, CommandHandler>([
  ['osd stat', osdStat],
  ['osd dump', osdDump],
  ['osd getmap', osdGetMap],
  ['osd getcrushmap', osdGetCrushMap],
  ['osd getmaxosd', osdGetMaxOsd],
  ['osd ls', osdList],
  ['osd info', osdInfo],
  ['osd ls-tree', osdListTree],
  ['osd tree', osdTree],
  ['osd tree-from', osdTreeFrom],
  ['osd find', osdFind],
  ['osd metadata', osdMetadataCommand],
  ['osd versions', osdVersions],
  ['osd count-metadata', osdCountMetadata],
  ['osd numa-status', osdNumaStatus],
  ['osd set', osdSet],
  ['osd unset', osdUnset],
  ['osd pause', osdPause],
  ['osd unpause', osdUnpause],
  ['osd set-group', osdSetGroup],
  ['osd unset-group', osdUnsetGroup],
  ...SINGLE_FLAG_COMMANDS,
  ['osd setmaxosd', osdSetMaxOsd],
  ['osd set-full-ratio', osdSetFullRatio],
  ['osd set-backfillfull-ratio', osdSetBackfillfullRatio],
  ['osd set-nearfull-ratio', osdSetNearfullRatio],
  ['osd get-require-min-compat-client', osdGetRequireMinCompatClient],
  ['osd set-require-min-compat-client', osdSetRequireMinCompatClient],
  ['osd require-osd-release', osdRequireOsdRelease],
  ['osd blocklist', blocklistChange],
  ['osd blocklist ls', blocklistList],
  ['osd blocklist clear', blocklistClear],
  ['osd blacklist', blocklistChange],
  ['osd blacklist ls', blocklistList],
  ['osd blacklist clear', blocklistClear],
  ['osd erasure-code-profile ls', erasureProfileList],
  ['osd erasure-code-profile get', erasureProfileGet],
  ['osd erasure-code-profile rm', erasureProfileRemove],
  ['osd erasure-code-profile set', erasureProfileSet],
  ['osd crush rule ls', crushRuleList],
  ['osd crush rule list', crushRuleList],
  ['osd crush rule ls-by-class', crushRuleListByClass],
  ['osd crush rule dump', crushRuleDump],
  ['osd crush dump', crushDump],
  ['osd crush tree', crushTreeCommand],
  ['osd crush ls', crushList],
  ['osd crush class ls', crushClassList],
  ['osd crush class ls-osd', crushClassListOsd],
  ['osd crush get-device-class', crushGetDeviceClass],
  ['osd crush show-tunables', crushShowTunables],
  ['osd crush get-tunable', crushGetTunable],
  ['osd crush weight-set ls', crushWeightSetList],
  ['osd crush weight-set dump', crushWeightSetDump],
  ['osd crush set', crushSet],
  ['osd crush add', crushAdd],
  ['osd crush create-or-move', crushCreateOrMove],
  ['osd crush move', crushMove],
  ['osd crush link', crushLink],
  ['osd crush rm', crushRemove],
  ['osd crush remove', crushRemove],
  ['osd crush unlink', crushUnlink],
  ['osd crush reweight', crushReweight],
  ['osd crush reweight-subtree', crushReweightSubtree],
  ['osd crush reweight-all', crushReweightAll],
  ['osd crush add-bucket', crushAddBucket],
  ['osd crush rename-bucket', crushRenameBucket],
  ['osd crush tunables', crushTunables],
  ['osd crush set-tunable', crushSetTunable],
  ['osd crush set-device-class', crushSetDeviceClass],
  ['osd crush rm-device-class', crushRemoveDeviceClass],
  ['osd crush class create', crushClassCreate],
  ['osd crush class rm', crushClassRemove],
  ['osd crush class rename', crushClassRename],
  ['osd crush rule create-replicated', crushRuleCreate],
  ['osd crush rule create-simple', crushRuleCreate],
  ['osd crush rule create-erasure', crushRuleCreateErasure],
  ['osd crush rule rm', crushRuleRemove],
  ['osd crush rule rename', crushRuleRename],
  ['osd create', osdCreate],
  ['osd new', osdNew],
  ['osd destroy-actual', osdDestroy],
  ['osd purge-actual', osdPurge],
  ['osd purge-new', osdPurgeNew],
  ['osd in', osdIn],
  ['osd out', osdOut],
  ['osd down', osdDown],
  ['osd stop', osdStop],
  ['osd rm', osdRemove],
  ['osd reweight', osdReweight],
  ['osd reweightn', osdReweightMany],
  ['osd primary-affinity', osdPrimaryAffinity],
  ['osd lost', osdLost],
  ['osd map', osdMapObject],
  ['pg map', pgMap],
  ['osd pg-temp', osdPgTemp],
  ['osd primary-temp', osdPrimaryTemp],
  ['pg repeer', pgRepeer],
  ['osd pg-upmap', osdPgUpmap],
  ['osd rm-pg-upmap', osdRmPgUpmap],
  ['osd pg-upmap-items', osdPgUpmapItems],
  ['osd rm-pg-upmap-items', osdRmPgUpmapItems],
  ['osd lspools', listPools],
  ['osd pool ls', poolList],
  ['osd pool create', poolCreate],
  ['osd pool delete', poolDelete],
  ['osd pool rm', poolDelete],
  ['osd pool rename', poolRename],
  ['osd pool get', poolGet],
  ['osd pool set', poolSet],
  ['osd pool get-quota', poolGetQuota],
  ['osd pool set-quota', poolSetQuota],
  ['osd pool application enable', poolApplicationEnable],
  ['osd pool application disable', poolApplicationDisable],
  ['osd pool application set', poolApplicationSet],
  ['osd pool application rm', poolApplicationRemove],
  ['osd pool application get', poolApplicationGet],
  ['osd tier add', tierAdd],
  ['osd tier rm', tierRemove],
  ['osd tier remove', tierRemove],
  ['osd tier cache-mode', tierCacheMode],
  ['osd tier set-overlay', tierSetOverlay],
  ['osd tier rm-overlay', tierRemoveOverlay],
  ['osd tier remove-overlay', tierRemoveOverlay],
  ['osd tier add-cache', tierAddCache],
  ['osd pool mksnap', poolMakeSnap],
  ['osd pool rmsnap', poolRemoveSnap],
])
