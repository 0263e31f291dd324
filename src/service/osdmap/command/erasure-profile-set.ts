/**
 * `osd erasure-code-profile set`. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::parse_erasure_code_profile,
 * normalize_profile, prepare_command_impl.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { parseSize } from '../../../config/parse-number.ts'
import { CephBool, CephString, CephStrings, updateWith } from '../../args.ts'
import type { CommandHandler, CommandReply, World } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import { type ErasureCode, loadErasureCode, printProfile, type Profile } from '../erasure-code.ts'
import { profileOfPairs, profileOfText } from '../erasure-profile.ts'
import { withInc } from '../pending.ts'

const Args = t.partial({ name: CephString, profile: CephStrings, force: CephBool })

const invalid = (text: string): E.Either<CommandReply, never> => E.left(failed(ERRNO.EINVAL, text))

export const erasureProfileSet: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(Args, request, command, ({ name = '', profile: pairs = [], force = false }) => {
      const asked = askedProfile(world, pairs)
      if (E.isLeft(asked)) return answered(request, asked.left)
      const { inc } = pendings.osdmap
      if (inc.newErasureCodeProfiles.has(name)) return { _tag: 'RetryAfterCommit' }
      const profile = normalised(world, asked.right, force)
      if (E.isLeft(profile)) return answered(request, profile.left)
      const existing = world.committed.osdmap.map.erasureCodeProfiles.get(name)
      if (existing !== undefined) {
        const before = normalised(world, existing, force)
        if (E.isLeft(before)) return answered(request, before.left)
        if (printProfile(before.right) === printProfile(profile.right)) return answered(request, done())
        if (!force)
          return answered(
            request,
            failed(
              ERRNO.EPERM,
              `will not override erasure code profile ${name} because the existing profile ` +
                `${printProfile(before.right)} is different from the proposed profile ${printProfile(profile.right)}`,
            ),
          )
      }
      const osdmap = withInc(pendings.osdmap, {
        newErasureCodeProfiles: new Map([...inc.newErasureCodeProfiles, [name, profile.right]]),
      })
      return prepared(request, { osdmap }, done())
    }),
}

/** What was given, over the default profile unless another plugin was. */
const askedProfile = (world: World, pairs: readonly string[]): E.Either<CommandReply, Profile> => {
  const { crush } = world.committed.osdmap.map
  const base = profileOfText(world.options.string('osd_pool_default_erasure_code_profile'))
  const given = profileOfPairs(pairs)
  const obsolete = [...given.keys()].find((key) => key.startsWith('ruleset-'))
  if (obsolete !== undefined)
    return invalid(
      `property '${obsolete}' is no longer supported; try 'crush-${obsolete.slice('ruleset-'.length)}' instead`,
    )
  const plugin = given.get('plugin')
  const isOther = plugin !== undefined && plugin !== base.get('plugin')
  const profile = isOther ? given : new Map([...base, ...given])
  const domain = profile.get('crush-failure-domain')
  if (domain !== undefined && ![...crush.typeNames.values()].includes(domain))
    return invalid(
      `erasure-code-profile ${printProfile(profile)} contains an invalid failure-domain "${domain}"`,
    )
  return profile.has('plugin')
    ? E.right(profile)
    : invalid(`erasure-code-profile ${printProfile(profile)} must contain a plugin entry`)
}

const normalised = (world: World, profile: Profile, force: boolean): E.Either<CommandReply, Profile> => {
  const code = loadErasureCode(profile, world.options.string('erasure_code_dir'))
  if (E.isLeft(code)) return code
  const refused = stripeRefusal(code.right, force)
  return refused === undefined ? E.right(code.right.profile) : invalid(refused)
}

const UNIT_MULTIPLE_BYTES = 4096

const stripeRefusal = (
  { profile, dataChunks, chunkBytes }: ErasureCode,
  force: boolean,
): string | undefined => {
  const text = profile.get('stripe_unit')
  if (text === undefined) return undefined
  const parsed = parseSize(text)
  if (E.isLeft(parsed)) return `could not parse stripe_unit '${text}': ${parsed.left}`
  const unit = Number(BigInt.asUintN(32, parsed.right))
  const chunk = chunkBytes(unit * dataChunks)
  if (chunk !== unit)
    return `stripe_unit ${unit} does not match ec profile alignment. Would be padded to ${chunk}`
  return unit % UNIT_MULTIPLE_BYTES === 0 || force
    ? undefined
    : 'stripe_unit should be a multiple of 4096 bytes for best performance.use --force to override this check'
}
