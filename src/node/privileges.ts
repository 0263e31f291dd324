/**
 * Becoming the user and group of options `setuser` and `setgroup`: a daemon that was started as root does not stay it.
 *
 * Differs: supplementary groups are given up too. Source: ceph src/global/global_init.cc global_init.
 */
import * as E from 'fp-ts/lib/Either.js'
import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import type { Options } from '../config/options.ts'
import { describeSystemError } from './system-error.ts'

interface Account {
  /** 0: stays as it is. */
  readonly uid: number
  readonly gid: number
  readonly home?: string
}

/** Drops what root may and the options' user may not. Errors: a sentence. The result: what to say of it. */
export const dropPrivileges = (options: Options): E.Either<string, readonly string[]> => {
  const [user, group] = [options.string('setuser'), options.string('setgroup')]
  if (user === '' && group === '') return E.right([])
  if (process.getuid?.() !== 0) {
    const ignored = [user === '' ? '' : `--setuser ${user}`, group === '' ? '' : `--setgroup ${group}`]
    return E.right(
      ignored.filter((name) => name !== '').map((name) => `ignoring ${name} since I am not root`),
    )
  }
  const account = E.flatMap(accountOf(user), (found) => withGroup(found, group))
  if (E.isLeft(account)) return account
  const match = options.string('setuser_match_path')
  const owner = match === '' ? E.right(account.right) : ownerOf(match)
  if (E.isLeft(owner)) return owner
  const [{ uid, gid }, wanted] = [owner.right, account.right]
  if ((wanted.uid !== 0 && wanted.uid !== uid) || (wanted.gid !== 0 && wanted.gid !== gid))
    return E.right([
      `WARNING: will not setuid/gid: ${match} owned by ${uid}:${gid} and not requested ${wanted.uid}:${wanted.gid}`,
    ])
  return become(wanted)
}

const accountOf = (user: string): E.Either<string, Account> => {
  if (user === '') return E.right({ uid: 0, gid: 0 })
  const [, , uid, gid, , home] = entryOf('passwd', user) ?? []
  // A number need not be anybody's.
  if (/^[1-9]\d*$/.test(user))
    return E.right({ uid: Number(user), gid: 0, ...(home === undefined ? {} : { home }) })
  return uid === undefined
    ? E.left(`unable to look up user '${user}'`)
    : E.right({ uid: Number(uid), gid: Number(gid), ...(home === undefined ? {} : { home }) })
}

const withGroup = (account: Account, group: string): E.Either<string, Account> => {
  if (group === '') return E.right(account)
  const gid = /^[1-9]\d*$/.test(group) ? group : entryOf('group', group)?.[2]
  return gid === undefined
    ? E.left(`unable to look up group '${group}'`)
    : E.right({ ...account, gid: Number(gid) })
}

// Node.js has no getpwnam; the program asks the same sources.
const entryOf = (database: 'passwd' | 'group', key: string): readonly string[] | undefined => {
  try {
    return execFileSync('getent', [database, key], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .trim()
      .split(':')
  } catch {
    return undefined
  }
}

const ownerOf = (path: string): E.Either<string, Account> =>
  E.tryCatch(
    () => statSync(path),
    (error) => `unable to stat setuser_match_path ${path}: ${describeSystemError(error)}`,
  )

const become = ({ uid, gid, home }: Account): E.Either<string, readonly string[]> =>
  E.tryCatch(
    () => {
      if (gid !== 0) {
        process.setgroups?.([gid])
        process.setgid?.(gid)
      }
      if (uid !== 0) process.setuid?.(uid)
      if (home !== undefined) process.env['HOME'] = home
      return []
    },
    (error) => `unable to setuid ${uid}, setgid ${gid}: ${describeSystemError(error)}`,
  )
