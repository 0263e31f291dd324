/** What commands that change the CRUSH map have in common. */
import * as E from 'fp-ts/lib/Either.js'
import { crushMapBytes } from '../../map/crush/codec.ts'
import { CrushDraft, type CrushEditError } from '../../map/crush/draft.ts'
import type { CommandReply, Request, ServicePendings, UpdateResult, World } from '../contract.ts'
import { ERRNO, printErrno } from '../errno.ts'
import { answered, done, failed, prepared } from '../reply.ts'
import { pendingCrush } from './pending-crush.ts'
import { withInc } from './pending.ts'
import type { OsdmapPending } from './state.ts'

/** The CRUSH map of the next epoch, to be edited. */
export const crushDraft = (world: World, pendings: ServicePendings): CrushDraft =>
  new CrushDraft(pendingCrush(world.committed.osdmap.map, pendings.osdmap.inc))

/** `pending` with the draft as its CRUSH map. */
export const withCrush = (pending: OsdmapPending, draft: CrushDraft): OsdmapPending =>
  withInc(pending, { crush: crushMapBytes(draft.done()) })

export const hasPendingCrush = (pendings: ServicePendings): boolean => pendings.osdmap.inc.crush.length > 0

/** What a client hears that gave something an empty name; the original keeps it, and cannot read its map again. */
export const NAME_IS_EMPTY = failed(ERRNO.EINVAL, 'a name in the crush map cannot be empty')

/** Proposes the draft; the client hears `text`. */
export const proposeCrush = (
  request: Request,
  pendings: ServicePendings,
  draft: CrushDraft,
  text = '',
): UpdateResult =>
  draft.hasEmptyName()
    ? answered(request, NAME_IS_EMPTY)
    : prepared(request, { osdmap: withCrush(pendings.osdmap, draft) }, done(text))

/** What a client hears of an edit that is impossible. */
export const crushFailure = (error: CrushEditError, text?: string): CommandReply =>
  failed(ERRNO[error], text ?? printErrno(ERRNO[error]))

/** Proposes the draft when the edit went well. */
export const proposeEdit = (
  request: Request,
  pendings: ServicePendings,
  draft: CrushDraft,
  edit: E.Either<CrushEditError, unknown>,
  text: string,
): UpdateResult =>
  E.isLeft(edit) ? answered(request, crushFailure(edit.left)) : proposeCrush(request, pendings, draft, text)
