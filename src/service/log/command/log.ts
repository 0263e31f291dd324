/**
 * `log <text>…`: a line in the cluster log, in the name of whoever asks.
 *
 * Differs: a level that is none is refused. ceph-mon 16.2.15 commits the line, and then every monitor aborts when it
 *          wants to write it to its file, at each start anew.
 * Source: ceph src/mon/LogMonitor.cc LogMonitor::prepare_command.
 */
import * as t from 'io-ts'
import { utimeOfMs } from '../../../codec/type/utime.ts'
import { CephString, CephStrings, updateWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import { levelOfName } from '../level.ts'

const Args = t.partial({ logtext: CephStrings, level: CephString })

export const log: CommandHandler = {
  update: (world, { logm: pending }, request, command) =>
    updateWith(Args, request, command, ({ logtext = [], level = 'info' }) => {
      const prio = levelOfName(level)
      if (prio === undefined) return answered(request, failed(ERRNO.EINVAL, `Invalid severity '${level}'`))
      const { session } = request
      const entry = {
        name: session.identity.entityName,
        rank: { type: session.peerType, num: session.num },
        addrs: session.addrs.slice(0, 1),
        stamp: utimeOfMs(world.now),
        seq: 0n,
        prio,
        msg: logtext.join(' '),
        channel: 'cluster',
      }
      return prepared(request, { logm: { entries: [...pending.entries, entry] } }, done())
    }),
}
