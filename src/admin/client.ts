/** The admin socket from the other side. */
import * as TE from 'fp-ts/lib/TaskEither.js'
import { connect } from 'node:net'
import { answerIn } from './protocol.ts'

export type AskError = {
  readonly _tag: 'AdminSocketUnreachable'
  readonly path: string
  readonly cause: Error
}

/** An answer is waited for this long. */
const ANSWER_TIMEOUT_MS = 30_000

/** Sends `request` to the admin socket at `path`; gives the answer's payload. */
export const askAdminSocket = (
  path: string,
  request: Readonly<Record<string, unknown>>,
): TE.TaskEither<AskError, Buffer> =>
  TE.tryCatch(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        const chunks: Buffer[] = []
        const socket = connect(path, () => socket.write(`${JSON.stringify(request)}\0`))
        socket.setTimeout(ANSWER_TIMEOUT_MS, () => socket.destroy(new Error('no answer in time')))
        socket.on('data', (chunk) => chunks.push(chunk))
        socket.once('error', reject)
        socket.once('close', () => {
          const answer = answerIn(Buffer.concat(chunks))
          if (answer === undefined) reject(new Error('closed before the answer was complete'))
          else resolve(answer)
        })
      }),
    (cause) => ({
      _tag: 'AdminSocketUnreachable',
      path,
      cause: cause instanceof Error ? cause : new Error(String(cause)),
    }),
  )
