/**
 * `mon set election_strategy`, `mon add disallowed_leader`, `mon rm disallowed_leader`, and what rests on them.
 *
 * Differs: the election here is the classic one; the other strategies are refused, and with them disallowed leaders
 * and stretch mode, which need one of them.
 * Source: ceph src/mon/MonmapMonitor.cc MonmapMonitor::prepare_command.
 */
import * as t from 'io-ts'
import { byBigint, sortedEntries } from '../../../base/ordered.ts'
import { ELECTION_STRATEGY } from '../../../map/mon-map/mon-map.ts'
import { POOL_TYPE } from '../../../map/osd-map/constant.ts'
import { CephString, updateWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed } from '../../reply.ts'
import { changeMonmap } from '../change.ts'

const StrategyArgs = t.type({ strategy: CephString })

export const monSetElectionStrategy: CommandHandler = {
  update: (_world, pendings, request, command) =>
    updateWith(StrategyArgs, request, command, ({ strategy: name }) => {
      if (!(name in ELECTION_STRATEGY)) return answered(request, failed(ERRNO.EINVAL, ''))
      return name === 'classic'
        ? changeMonmap(pendings, request, done(), (map) => ({
            ...map,
            strategy: ELECTION_STRATEGY.classic,
          }))
        : answered(
            request,
            failed(ERRNO.ENOTSUP, `the election strategy '${name}' is not supported by this monitor`),
          )
    }),
}

export const monDisallowedLeader: CommandHandler = {
  update: (_world, _pendings, request) =>
    answered(request, failed(ERRNO.EINVAL, 'You cannot disallow monitors in your current election mode')),
}

const StretchArgs = t.type({ new_crush_rule: CephString })

export const monEnableStretchMode: CommandHandler = {
  update: ({ committed }, _pendings, request, command) =>
    updateWith(StretchArgs, request, command, ({ new_crush_rule: rule }) => {
      const { crush, pools, poolNames } = committed.osdmap.map
      // The original prints the error number that its look-up gave.
      if (![...crush.ruleNames.values()].includes(rule))
        return answered(request, failed(ERRNO.ENOENT, `unrecognized crush rule ${-ERRNO.ENOENT}`))
      const coded = sortedEntries(pools, byBigint).find(([, { type }]) => type === POOL_TYPE.erasure)
      const text =
        coded === undefined
          ? 'Monitors must use the connectivity strategy to enable stretch mode'
          : `stretched pools must be replicated; '${poolNames.get(coded[0]) ?? ''}' is erasure-coded`
      return answered(request, failed(ERRNO.EINVAL, text))
    }),
}

export const monSetNewTiebreaker: CommandHandler = {
  update: (_world, _pendings, request) =>
    answered(request, failed(ERRNO.EINVAL, 'Stretch mode is not enabled, so there is no tiebreaker')),
}
