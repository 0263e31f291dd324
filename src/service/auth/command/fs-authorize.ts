/**
 * `fs authorize`: an entity with capabilities for paths of a file system.
 *
 * Differs: not offered. `auth get-or-create` with the capabilities spelt out does the same.
 */
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, failed } from '../../reply.ts'

export const fsAuthorize: CommandHandler = {
  update: (_world, _pendings, request) =>
    answered(request, failed(ERRNO.ENOTSUP, 'fs authorize is not supported; use auth get-or-create')),
}
