/**
 * Profiles in the map, and CRUSH rules for pools of one.
 *
 * Source: ceph src/mon/OSDMonitor.cc OSDMonitor::get_erasure_code, crush_rule_create_erasure;
 * src/erasure-code/ErasureCode.cc ErasureCode::create_rule.
 */
import * as E from 'fp-ts/lib/Either.js'
import { addSimpleRule } from '../../map/crush/rule-edit.ts'
import { POOL_TYPE } from '../../map/osd-map/constant.ts'
import type { CommandReply, ServicePendings, World } from '../contract.ts'
import { ERRNO } from '../errno.ts'
import { failed } from '../reply.ts'
import { crushDraft, NAME_IS_EMPTY, withCrush } from './crush-change.ts'
import { ruleIdOfName, ruleStart } from './crush-rule-start.ts'
import { type ErasureCode, loadErasureCode, printProfile } from './erasure-code.ts'
import type { OsdmapPending } from './state.ts'

/** `RetryAfterCommit`: what is pending decides. */
export type Undecided = CommandReply | 'RetryAfterCommit'

/** The erasure code of a profile of the committed map. */
export const erasureCodeOf = (
  world: World,
  pendings: ServicePendings,
  profileName: string,
): E.Either<Undecided, ErasureCode> => {
  if (pendings.osdmap.inc.newErasureCodeProfiles.has(profileName)) return E.left('RetryAfterCommit')
  const profile = world.committed.osdmap.map.erasureCodeProfiles.get(profileName) ?? new Map<string, string>()
  if (!profile.has('plugin'))
    return E.left(
      failed(
        ERRNO.EINVAL,
        "cannot determine the erasure code plugin because there is no 'plugin' entry in the " +
          `erasure_code_profile ${printProfile(profile)}`,
      ),
    )
  return loadErasureCode(profile, world.options.string('erasure_code_dir'))
}

export interface NewRule {
  readonly id: number
  /** With the rule; the same when there was one. */
  readonly osdmap: OsdmapPending
  readonly existed: 'committed' | 'pending' | undefined
}

/** The rule `name`, made by the profile when there is none. */
export const erasureRule = (
  world: World,
  pendings: ServicePendings,
  name: string,
  profileName: string,
): E.Either<Undecided, NewRule> => {
  if (name === '') return E.left(NAME_IS_EMPTY)
  const { osdmap } = pendings
  const { crush } = world.committed.osdmap.map
  const committed = ruleIdOfName(crush, name)
  if (committed !== undefined)
    return E.right({ id: crush.rules[committed]?.ruleset ?? committed, osdmap, existed: 'committed' })
  const draft = crushDraft(world, pendings)
  const pending = ruleIdOfName(draft, name)
  if (pending !== undefined)
    return E.right({ id: draft.rules[pending]?.ruleset ?? pending, osdmap, existed: 'pending' })
  const code = erasureCodeOf(world, pendings, profileName)
  if (E.isLeft(code)) return code
  const { profile, dataChunks, codingChunks } = code.right
  const start = ruleStart(draft, {
    root: profile.get('crush-root') ?? '',
    type: profile.get('crush-failure-domain') ?? '',
    class: profile.get('crush-device-class') ?? '',
    mode: 'indep',
  })
  if (E.isLeft(start)) return start
  const id = addSimpleRule(draft, {
    name,
    poolType: POOL_TYPE.erasure,
    maxSize: dataChunks + codingChunks,
    ...start.right,
  })
  return E.right({ id, osdmap: withCrush(osdmap, draft), existed: undefined })
}
