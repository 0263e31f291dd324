/** Rules. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::prepare_command_impl, src/crush/CrushWrapper.cc add_simple_rule_at. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { addSimpleRule } from '../../../map/crush/rule-edit.ts'
import { POOL_TYPE } from '../../../map/osd-map/constant.ts'
import { CephString, updateWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import { crushDraft, proposeCrush } from '../crush-change.ts'
import { ruleIdOfName, ruleStart } from '../crush-rule-start.ts'

const CreateArgs = t.partial({
  name: CephString,
  root: CephString,
  type: CephString,
  class: CephString,
  mode: CephString,
})

/** Both forms make rules for replicated pools. */
export const crushRuleCreate: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(CreateArgs, request, command, (args) => {
      const { name = '' } = args
      const exists = done(`rule ${name} already exists`)
      if (ruleIdOfName(world.committed.osdmap.map.crush, name) !== undefined) return answered(request, exists)
      const draft = crushDraft(world, pendings)
      if (ruleIdOfName(draft, name) !== undefined)
        return prepared(request, { osdmap: pendings.osdmap }, exists)
      const start = ruleStart(draft, args)
      if (E.isLeft(start)) return answered(request, start.left)
      addSimpleRule(draft, { name, poolType: POOL_TYPE.replicated, ...start.right })
      return proposeCrush(request, pendings, draft)
    }),
}

const NameArgs = t.partial({ name: CephString })

export const crushRuleRemove: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(NameArgs, request, command, ({ name = '' }) => {
      const { map } = world.committed.osdmap
      const missing = done(`rule ${name} does not exist`)
      if (ruleIdOfName(map.crush, name) === undefined) return answered(request, missing)
      const draft = crushDraft(world, pendings)
      const id = ruleIdOfName(draft, name)
      if (id === undefined) return prepared(request, { osdmap: pendings.osdmap }, missing)
      const ruleset = draft.rules[id]?.ruleset ?? id
      if ([...map.pools.values()].some((pool) => pool.crushRule === ruleset))
        return answered(request, failed(ERRNO.EBUSY, `crush ruleset ${name} ${ruleset} is in use`))
      draft.rules[id] = undefined
      draft.ruleNames.delete(id)
      return proposeCrush(request, pendings, draft)
    }),
}

const RenameArgs = t.partial({ srcname: CephString, dstname: CephString })

export const crushRuleRename: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(RenameArgs, request, command, ({ srcname = '', dstname = '' }) => {
      if (srcname === '' || dstname === '')
        return answered(
          request,
          failed(ERRNO.EINVAL, 'must specify both source rule name and destination rule name'),
        )
      if (srcname === dstname)
        return answered(request, done('destination rule name is equal to source rule name'))
      const draft = crushDraft(world, pendings)
      const source = ruleIdOfName(draft, srcname)
      const isTaken = ruleIdOfName(draft, dstname) !== undefined
      if (source === undefined)
        return answered(
          request,
          isTaken
            ? done(`already renamed to '${dstname}'`)
            : failed(ERRNO.ENOENT, `source rule name '${srcname}' does not exist`),
        )
      if (isTaken)
        return answered(request, failed(ERRNO.EEXIST, `destination rule name '${dstname}' already exists`))
      draft.ruleNames.set(source, dstname)
      return proposeCrush(request, pendings, draft)
    }),
}
