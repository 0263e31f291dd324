/** `health mute CODE [TTL] [--sticky]`, `health unmute [CODE]`. Source: ceph src/mon/HealthMonitor.cc prepare_command. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { withEntry, withoutEntry } from '../../../base/ordered.ts'
import { parseTimespan } from '../../../base/timespan.ts'
import { addSeconds, UTIME_ZERO, utimeOfMs } from '../../../codec/type/utime.ts'
import { CephBool, CephString, updateWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import { gatherHealth } from '../gather.ts'

const MuteArgs = t.intersection([
  t.type({ code: CephString }),
  t.partial({ ttl: CephString, sticky: CephBool }),
])
const UnmuteArgs = t.partial({ code: CephString })

export const healthMute: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(MuteArgs, request, command, ({ code, ttl, sticky = false }) => {
      if (code === '') return answered(request, failed(ERRNO.EINVAL, 'must specify an alert code to mute'))
      const seconds = ttl === undefined ? E.right(undefined) : parseTimespan(ttl)
      if (E.isLeft(seconds))
        return answered(request, failed(ERRNO.EINVAL, `invalid duration: ${ttl ?? ''} (${seconds.left})`))
      const check = gatherHealth(world).get(code)
      if (!sticky && check === undefined)
        return answered(request, failed(ERRNO.ENOENT, `health alert ${code} is not currently raised`))
      const mute = {
        code,
        ttl: seconds.right === undefined ? UTIME_ZERO : addSeconds(utimeOfMs(world.now), seconds.right),
        sticky,
        summary: sticky ? '' : (check?.summary ?? ''),
        count: sticky ? 0n : (check?.count ?? 0n),
      }
      const { health } = pendings
      return prepared(request, { health: { ...health, mutes: withEntry(health.mutes, code, mute) } }, done())
    }),
}

export const healthUnmute: CommandHandler = {
  update: (_world, pendings, request, command) =>
    updateWith(UnmuteArgs, request, command, ({ code }) => {
      const { health } = pendings
      const mutes = code === undefined ? new Map() : withoutEntry(health.mutes, code)
      return prepared(request, { health: { ...health, mutes } }, done())
    }),
}
