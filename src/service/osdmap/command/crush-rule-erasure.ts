/** `osd crush rule create-erasure`. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::prepare_command_impl. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { CephString, updateWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { answered, done, prepared } from '../../reply.ts'
import { DEFAULT_PROFILE } from '../erasure-pool.ts'
import { erasureRule } from '../erasure-rule.ts'

const Args = t.partial({ name: CephString, profile: CephString })

export const crushRuleCreateErasure: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(Args, request, command, ({ name = '', profile = '' }) => {
      const rule = erasureRule(world, pendings, name, profile === '' ? DEFAULT_PROFILE : profile)
      if (E.isLeft(rule))
        return rule.left === 'RetryAfterCommit' ? { _tag: 'RetryAfterCommit' } : answered(request, rule.left)
      const { id, osdmap, existed } = rule.right
      if (existed === undefined) return prepared(request, { osdmap }, done(`created rule ${name} at ${id}`))
      const exists = done(`rule ${name} already exists`)
      return existed === 'committed' ? answered(request, exists) : prepared(request, { osdmap }, exists)
    }),
}
