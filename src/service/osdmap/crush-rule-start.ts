/** Simple rules out of words. Source: ceph src/crush/CrushWrapper.cc CrushWrapper::add_simple_rule_at. */
import * as E from 'fp-ts/lib/Either.js'
import { classIdOfName } from '../../map/crush/class-edit.ts'
import type { CrushMap } from '../../map/crush/crush-map.ts'
import type { CrushDraft } from '../../map/crush/draft.ts'
import type { CommandReply } from '../contract.ts'
import { ERRNO } from '../errno.ts'
import { failed } from '../reply.ts'

/** Id of the rule called `name`. */
export const ruleIdOfName = (map: Pick<CrushMap, 'ruleNames'>, name: string): number | undefined =>
  [...map.ruleNames].find(([, known]) => known === name)?.[0]

export interface RuleStart {
  readonly root: number
  readonly failureDomain: number
  readonly mode: 'firstn' | 'indep'
}

/** The words of a simple rule; empty where they are left out. */
export interface RuleWords {
  readonly root?: string
  readonly type?: string
  readonly class?: string
  readonly mode?: string
}

/** Where a rule of these words starts, and over what it spreads. */
export const ruleStart = (draft: CrushDraft, args: RuleWords): E.Either<CommandReply, RuleStart> => {
  const { root: rootName = '', type: typeName = '', class: className = '', mode: asked = '' } = args
  const root = draft.idOfName(rootName)
  if (root === undefined) return E.left(failed(ERRNO.ENOENT, `root item ${rootName} does not exist`))
  const type = typeName === '' ? 0 : [...draft.typeNames].find(([, known]) => known === typeName)?.[0]
  if (type === undefined) return E.left(failed(ERRNO.EINVAL, `unknown type ${typeName}`))
  const taken = className === '' ? E.right(root) : shadowOf(draft, root, rootName, className)
  if (E.isLeft(taken)) return taken
  const mode = asked === '' ? 'firstn' : asked
  return mode === 'firstn' || mode === 'indep'
    ? E.right({ root: taken.right, failureDomain: type, mode })
    : E.left(failed(ERRNO.EINVAL, `unknown mode ${mode}`))
}

const shadowOf = (
  draft: CrushDraft,
  root: number,
  rootName: string,
  className: string,
): E.Either<CommandReply, number> => {
  const id = classIdOfName(draft, className)
  if (id === undefined) return E.left(failed(ERRNO.EINVAL, `device class ${className} does not exist`))
  const shadow = draft.classBuckets.get(root)?.get(id)
  return shadow === undefined
    ? E.left(failed(ERRNO.EINVAL, `root ${rootName} has no devices with class ${className}`))
    : E.right(shadow)
}
