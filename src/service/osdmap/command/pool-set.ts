/** `osd pool set`. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::prepare_command_pool_set. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { CephBool, CephString, updateWith } from '../../args.ts'
import type { CommandHandler, CommandReply } from '../../contract.ts'
import { answered, done, prepared } from '../../reply.ts'
import { nextPool, withPool } from '../pending.ts'
import { withPoolNamed } from '../pool-name.ts'
import { POOL_SETTERS } from '../pool-setter.ts'
import { isPoolOption, setPoolOption } from '../pool-setter-option.ts'
import { invalid, type PoolSetter, readInput } from '../pool-variable.ts'

const Args = t.partial({
  pool: CephString,
  var: CephString,
  val: CephString,
  yes_i_really_mean_it: CephBool,
})

export const poolSet: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(Args, request, command, ({ pool: poolName = '', var: name = '', val: text = '', ...more }) =>
      withPoolNamed(
        world.committed.osdmap.map,
        poolName,
        (reply) => answered(request, reply),
        (poolId) => {
          const { epoch } = pendings.osdmap.inc
          const pool = nextPool(world, pendings.osdmap, poolId)
          const sure = more.yes_i_really_mean_it ?? false
          const input = { world, poolId, poolName, name, text, sure, epoch, ...readInput(name, text) }
          const changed = setterOf(name)(pool, input)
          if (E.isLeft(changed)) return answered(request, changed.left)
          // Setting pg_num to what it is proposes an epoch in which nothing changes.
          if (changed.right === pool) return prepared(request, { osdmap: pendings.osdmap }, done())
          const osdmap = withPool(pendings.osdmap, poolId, { ...changed.right, lastChange: epoch })
          return prepared(request, { osdmap }, outcome(poolId, name, text))
        },
      ),
    ),
}

const setterOf = (name: string): PoolSetter =>
  POOL_SETTERS.get(name) ??
  (isPoolOption(name) ? setPoolOption : () => invalid(`unrecognized variable '${name}'`))

const outcome = (pool: bigint, name: string, text: string): CommandReply =>
  done(text === 'unset' ? `unset pool ${pool} ${name}` : `set pool ${pool} ${name} to ${text}`)
