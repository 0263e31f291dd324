/** `osd pool application …`. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::_command_pool_application. */
import * as t from 'io-ts'
import type { Json } from '../../../base/json.ts'
import { byBigint, byBytes, sortedEntries, withEntry, withoutEntry } from '../../../base/ordered.ts'
import type { StringMap } from '../../../codec/type/string-map.ts'
import { EMPTY_POOL, type Pool } from '../../../map/osd-map/pool.ts'
import { CephBool, CephString, queryWith, updateWith } from '../../args.ts'
import type { CommandHandler, CommandReply } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, output, prepared } from '../../reply.ts'
import { alwaysJson } from '../output.ts'
import { nextPool, withPool } from '../pending.ts'
import { withPoolNamed } from '../pool-name.ts'

const APPLICATIONS_MAX = 4
const KEYS_MAX = 64
const TEXT_LENGTH_MAX = 128

const Args = t.partial({
  pool: CephString,
  app: CephString,
  key: CephString,
  value: CephString,
  yes_i_really_mean_it: CephBool,
})

interface Asked {
  readonly poolName: string
  readonly app: string
  readonly key: string
  readonly value: string
  readonly sure: boolean
}

/** A change, or an answer: an error, or the news that nothing is to be done. */
type Outcome =
  { readonly apps: Pool['applicationMetadata']; readonly text: string } | { readonly reply: CommandReply }

const refuse = (errno: (typeof ERRNO)[keyof typeof ERRNO], text: string): Outcome => ({
  reply: failed(errno, text),
})

type Change = (pool: Pool, asked: Asked) => Outcome

// The committed pool decides whether there is anything to do; the change is made on the pending one.
const changeApplications = (change: Change): CommandHandler => ({
  update: (world, pendings, request, command) =>
    updateWith(Args, request, command, (args) => {
      const { pool: poolName = '', app = '', key = '', value = '' } = args
      const asked = { poolName, app, key, value, sure: args.yes_i_really_mean_it ?? false }
      const { map } = world.committed.osdmap
      return withPoolNamed(
        map,
        poolName,
        (reply) => answered(request, reply),
        (id) => {
          if (key === 'all') return answered(request, failed(ERRNO.EINVAL, "key cannot be 'all'"))
          if (value === 'all') return answered(request, failed(ERRNO.EINVAL, "value cannot be 'all'"))
          const now = change(map.pools.get(id) ?? EMPTY_POOL, asked)
          if ('reply' in now) return answered(request, now.reply)
          const pool = nextPool(world, pendings.osdmap, id)
          const next = change(pool, asked)
          if ('reply' in next) return answered(request, next.reply)
          const osdmap = withPool(pendings.osdmap, id, {
            ...pool,
            applicationMetadata: next.apps,
            lastChange: pendings.osdmap.inc.epoch,
          })
          return prepared(request, { osdmap }, done(next.text))
        },
      )
    }),
})

const enable: Change = (pool, { poolName, app, sure }) => {
  const { applicationMetadata: apps } = pool
  if (app === '') return refuse(ERRNO.EINVAL, 'application name must be provided')
  if (pool.tierOf >= 0n) return refuse(ERRNO.EINVAL, 'application must be enabled on base tier')
  if (!apps.has(app) && apps.size > 0 && !sure)
    return refuse(
      ERRNO.EPERM,
      `Are you SURE? Pool '${poolName}' already has an enabled application;` +
        ' pass --yes-i-really-mean-it to proceed anyway',
    )
  if (!apps.has(app) && apps.size >= APPLICATIONS_MAX)
    return refuse(
      ERRNO.EINVAL,
      `too many enabled applications on pool '${poolName}'; max ${APPLICATIONS_MAX}`,
    )
  if (app.length > TEXT_LENGTH_MAX)
    return refuse(ERRNO.EINVAL, `application name '${app}' too long; max length ${TEXT_LENGTH_MAX}`)
  return {
    apps: apps.has(app) ? apps : withEntry<string, StringMap>(apps, app, new Map()),
    text: `enabled application '${app}' on pool '${poolName}'`,
  }
}

const disable: Change = (pool, { poolName, app, sure }) => {
  if (!sure)
    return refuse(
      ERRNO.EPERM,
      'Are you SURE? Disabling an application within a pool might result in loss of application functionality;' +
        ' pass --yes-i-really-mean-it to proceed anyway',
    )
  if (!pool.applicationMetadata.has(app)) return { reply: done(notEnabled(app, poolName)) }
  return {
    apps: withoutEntry(pool.applicationMetadata, app),
    text: `disable application '${app}' on pool '${poolName}'`,
  }
}

const notEnabled = (app: string, poolName: string): string =>
  `application '${app}' is not enabled on pool '${poolName}'`

const set: Change = (pool, { poolName, app, key, value }) => {
  if (pool.tierOf >= 0n) return refuse(ERRNO.EINVAL, 'application metadata must be set on base tier')
  const keys = pool.applicationMetadata.get(app)
  if (keys === undefined) return refuse(ERRNO.ENOENT, notEnabled(app, poolName))
  if (key === '') return refuse(ERRNO.EINVAL, 'key must be provided')
  if (!keys.has(key) && keys.size >= KEYS_MAX)
    return refuse(
      ERRNO.EINVAL,
      `too many keys set for application '${app}' on pool '${poolName}'; max ${KEYS_MAX}`,
    )
  // The original names the application here.
  if (key.length > TEXT_LENGTH_MAX)
    return refuse(ERRNO.EINVAL, `key '${app}' too long; max length ${TEXT_LENGTH_MAX}`)
  if (value.length > TEXT_LENGTH_MAX)
    return refuse(ERRNO.EINVAL, `value '${value}' too long; max length ${TEXT_LENGTH_MAX}`)
  return {
    apps: withEntry(pool.applicationMetadata, app, withEntry(keys, key, value)),
    text: `set application '${app}' key '${key}' to '${value}' on pool '${poolName}'`,
  }
}

const remove: Change = (pool, { poolName, app, key }) => {
  const keys = pool.applicationMetadata.get(app)
  if (keys === undefined) return refuse(ERRNO.ENOENT, notEnabled(app, poolName))
  if (!keys.has(key))
    return { reply: done(`application '${app}' on pool '${poolName}' does not have key '${key}'`) }
  return {
    apps: withEntry(pool.applicationMetadata, app, withoutEntry(keys, key)),
    text: `removed application '${app}' key '${key}' on pool '${poolName}'`,
  }
}

export const poolApplicationEnable = changeApplications(enable)
export const poolApplicationDisable = changeApplications(disable)
export const poolApplicationSet = changeApplications(set)
export const poolApplicationRemove = changeApplications(remove)

const keysJson = (keys: StringMap): Json => new Map(sortedEntries(keys, byBytes))
const applicationsJson = (pool: Pool): Json =>
  new Map(sortedEntries(pool.applicationMetadata, byBytes).map(([app, keys]) => [app, keysJson(keys)]))

export const poolApplicationGet: CommandHandler = {
  query: (world, _request, command) =>
    queryWith(Args, command, ({ pool: poolName = '', app = '', key = '' }) => {
      const { map } = world.committed.osdmap
      if (poolName === '')
        return alwaysJson(
          command,
          new Map(
            sortedEntries(map.pools, byBigint).map(([id, pool]) => [
              map.poolNames.get(id) ?? '<unknown>',
              applicationsJson(pool),
            ]),
          ),
        )
      return withPoolNamed(
        map,
        poolName,
        (reply) => reply,
        (id) => {
          const pool = map.pools.get(id) ?? EMPTY_POOL
          if (app === '') return alwaysJson(command, applicationsJson(pool))
          const keys = pool.applicationMetadata.get(app)
          if (keys === undefined)
            return failed(ERRNO.ENOENT, `pool '${poolName}' has no application '${app}'`)
          if (key === '') return alwaysJson(command, keysJson(keys))
          const value = keys.get(key)
          return value === undefined
            ? failed(ERRNO.ENOENT, `application '${app}' on pool '${poolName}' does not have key '${key}'`)
            : output(`${value}\n`)
        },
      )
    }),
}
