/**
 * The admin socket as a server: a UNIX stream socket next to the monitor, for whoever may open the file. It reads
 * one request a connection, hands it to `onRequest`, writes the answer, and closes. It knows no command.
 */
import * as TE from 'fp-ts/lib/TaskEither.js'
import { chmodSync, existsSync, unlinkSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { answerBytes, parseRequest, requestIn, type AdminReply, type AdminRequest } from './protocol.ts'

export type AdminError =
  /** Another process answers on this socket. */
  | { readonly _tag: 'AdminSocketInUse'; readonly path: string }
  | { readonly _tag: 'AdminSocketFailed'; readonly path: string; readonly cause: Error }

export interface AdminSocket {
  /** Stops listening, ends open connections and removes the file. */
  readonly close: TE.TaskEither<AdminError, void>
}

/** Connections waiting for an answer at the same time; more are refused. */
const CONNECTIONS_MAX = 64
/** A client that sends nothing is dropped after this time. */
const REQUEST_TIMEOUT_MS = 30_000

/**
 * Listens on `path`, with file mode `mode` when given. A file that nobody listens on is left from a crash and is
 * replaced.
 *
 * Errors: AdminSocketInUse when another process answers there; AdminSocketFailed for anything the system says.
 */
export const listenAdminSocket = (options: {
  readonly path: string
  readonly mode?: number
  readonly onRequest: (request: AdminRequest) => Promise<AdminReply>
}): TE.TaskEither<AdminError, AdminSocket> =>
  TE.tryCatch(
    async () => {
      await removeStale(options.path)
      const open = new Set<Socket>()
      const server = createServer((socket) => {
        open.add(socket)
        socket.once('close', () => open.delete(socket))
        serve(socket, options.onRequest)
      })
      server.maxConnections = CONNECTIONS_MAX
      await listening(server, options.path)
      if (options.mode !== undefined) chmodSync(options.path, options.mode)
      return { close: closing(server, open, options.path) }
    },
    (cause) => adminError(options.path, cause),
  )

const adminError = (path: string, cause: unknown): AdminError => {
  const error = cause instanceof Error ? cause : new Error(String(cause))
  return 'code' in error && error.code === 'EADDRINUSE'
    ? { _tag: 'AdminSocketInUse', path }
    : { _tag: 'AdminSocketFailed', path, cause: error }
}

const removeStale = async (path: string): Promise<void> => {
  if (existsSync(path) && !(await answers(path))) unlinkSync(path)
}

const answers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = connect(path)
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
    probe.once('error', () => {
      resolve(false)
    })
  })

const listening = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      server.off('error', reject)
      resolve()
    })
  })

const closing = (server: Server, open: ReadonlySet<Socket>, path: string): AdminSocket['close'] =>
  TE.tryCatch(
    () =>
      new Promise<void>((resolve) => {
        for (const socket of open) socket.destroy()
        server.close(() => {
          resolve()
        })
      }),
    (cause) => adminError(path, cause),
  )

const serve = (socket: Socket, onRequest: (request: AdminRequest) => Promise<AdminReply>): void => {
  let received = Buffer.alloc(0)
  // A client that leaves early is no failure of ours.
  socket.on('error', () => socket.destroy())
  socket.setTimeout(REQUEST_TIMEOUT_MS, () => socket.destroy())
  const onData = (chunk: Buffer): void => {
    received = Buffer.concat([received, chunk])
    const request = requestIn(received)
    if (request._tag === 'Incomplete') return
    socket.off('data', onData)
    if (request._tag === 'TooLong') {
      socket.destroy()
      return
    }
    socket.setTimeout(0)
    const parsed = parseRequest(request.text)
    const reply = 'prefix' in parsed ? onRequest(parsed) : Promise.resolve(parsed)
    reply.then(
      (answer) => socket.end(answerBytes(answer)),
      () => socket.destroy(),
    )
  }
  socket.on('data', onData)
}
