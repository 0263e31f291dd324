/** A network that remembers what was said over it, and a way to say it again, word for word, to whoever listens. */
import assert from 'node:assert/strict'
import { connect, createServer, type Socket } from 'node:net'
import * as E from 'fp-ts/lib/Either.js'
import { FrameReader } from '../../src/net/msgr2/frame-reader.ts'
import type { Frame } from '../../src/net/msgr2/frame.ts'

export interface Recorder {
  /** What each connection has sent to the monitor until now, in the order in which they were opened. */
  readonly sent: () => readonly Buffer[]
  /** Breaks every connection that stands. */
  readonly cut: () => void
  readonly close: () => void
}

/** Passes on what comes to `port` to `target`, both on loopback. */
export const startRecorder = async (port: number, target: number): Promise<Recorder> => {
  const recorded: Buffer[][] = []
  const sockets = new Set<Socket>()
  const server = createServer((from) => {
    const chunks: Buffer[] = []
    recorded.push(chunks)
    const to = connect(target, '127.0.0.1')
    from.on('data', (chunk) => chunks.push(chunk))
    const pass = (a: Socket, b: Socket): void => {
      sockets.add(a)
      a.pipe(b)
      a.on('error', () => undefined).on('close', () => {
        sockets.delete(a)
        b.destroy()
      })
    }
    pass(from, to)
    pass(to, from)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const cut = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    sent: () => recorded.map((chunks) => Buffer.concat(chunks)),
    cut,
    close: () => {
      server.close()
      cut()
    },
  }
}

/** The bytes of a connecting side: up to and with AUTH_REQUEST, AUTH_REQUEST_MORE, and all that followed. */
export const partsOf = (bytes: Buffer): readonly Buffer[] => {
  const ends = ['AUTH_REQUEST', 'AUTH_REQUEST_MORE'] as const
  const reader = readerOf()
  reader.push(bytes)
  assert.ok(takeBanner(reader))
  let at = 0
  const parts = ends.map((tag) => {
    for (let frame = nextFrame(reader); frame?._tag !== tag; frame = nextFrame(reader))
      assert.ok(frame !== undefined, `no ${tag} in ${bytes.length} bytes`)
    const part = bytes.subarray(at, bytes.length - reader.pendingBytes)
    at += part.length
    return part
  })
  return [...parts, bytes.subarray(at)]
}

const readerOf = (): FrameReader => new FrameReader()

const takeBanner = (reader: FrameReader): boolean => {
  const banner = reader.banner()
  assert.ok(E.isRight(banner), 'no banner')
  if (banner.right === undefined) return false
  reader.useRevision(1)
  return true
}

const nextFrame = (reader: FrameReader): Frame | undefined => {
  const frame = reader.next()
  assert.ok(E.isRight(frame), 'no frame')
  return frame.right
}

/** How long a monitor that does not close has nothing more to say. */
const QUIET_MS = 1500

/** One socket to a monitor: bytes are sent as they are, and what comes back are the frames of a handshake. */
export class Dialogue {
  private readonly socket: Socket
  private readonly reader = readerOf()
  private greeted = false
  private ended = false
  private wake: () => void = () => undefined

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1')
    this.socket.on('data', (chunk) => {
      this.reader.push(chunk)
      this.wake()
    })
    this.socket.on('error', () => undefined)
    this.socket.on('close', () => {
      this.ended = true
      this.wake()
    })
  }

  send(bytes: Buffer): void {
    this.socket.write(bytes)
  }

  /** The next frame that is no HELLO; else whether it was closed, or nothing came. */
  async next(): Promise<Frame | 'closed' | 'quiet'> {
    const until = Date.now() + QUIET_MS
    for (;;) {
      this.greeted ||= takeBanner(this.reader)
      const frame = this.greeted ? nextFrame(this.reader) : undefined
      if (frame !== undefined && frame._tag !== 'HELLO') return frame
      if (frame !== undefined) continue
      if (this.ended) return 'closed'
      if (Date.now() >= until) return 'quiet'
      await new Promise<void>((resolve) => {
        this.wake = resolve
        setTimeout(resolve, until - Date.now())
      })
    }
  }

  close(): void {
    this.socket.destroy()
  }
}

/** Says `parts`, each when the one before was answered; gives the answers, the last being the end. */
export const replay = async (port: number, parts: readonly Buffer[]): Promise<readonly string[]> => {
  const dialogue = new Dialogue(port)
  const heard: string[] = []
  const hear = async (): Promise<boolean> => {
    const answer = await dialogue.next()
    heard.push(typeof answer === 'string' ? answer : describe(answer))
    return typeof answer !== 'string' && answer._tag !== 'AUTH_DONE'
  }
  for (const part of parts) {
    dialogue.send(part)
    await hear()
  }
  while (heard.at(-1) !== 'closed' && heard.at(-1) !== 'quiet' && (await hear()));
  dialogue.close()
  return heard
}

const describe = (frame: Frame): string =>
  frame._tag === 'AUTH_BAD_METHOD'
    ? `${frame._tag} ${frame.result}, allowed ${frame.allowedMethods.join()} in ${frame.allowedModes.join()}`
    : frame._tag
