/**
 * One socket as frames in both directions. Frames sent in one turn of the event loop leave in one write.
 */
import { Socket } from 'node:net'
import * as E from 'fp-ts/lib/Either.js'
import { entityAddr, BLANK_ADDR, type EntityAddr } from '../codec/type/entity-addr.ts'
import { OUR_BANNER, type Banner } from './msgr2/banner.ts'
import type { Frame } from './msgr2/frame.ts'
import { describeFrameError } from './msgr2/frame-error.ts'
import { FrameReader } from './msgr2/frame-reader.ts'
import { FrameWriter } from './msgr2/frame-writer.ts'
import type { HeldBytes } from './held-bytes.ts'
import type { Side } from './msgr2/handshake-setup.ts'
import { UNSENT_BYTES_MAX } from './msgr2/limit.ts'
import { streamKeys, transcriptSignature } from './msgr2/secure.ts'
import type { Revision } from './msgr2/wire-frame.ts'

/** Who reads the link. It may change while frames of one chunk are being read. */
export interface LinkHandler {
  readonly bannerReceived: (banner: Banner) => void
  readonly frameReceived: (frame: Frame) => void
  /** All frames of a chunk have been handed over. */
  readonly chunkDone: () => void
  /** The socket is gone, or its bytes cannot be read on. Called once, unless `close` or `abandon` came first. */
  readonly linkLost: (reason: string) => void
}

/** How many bytes are copied into one buffer rather than handed to the system one by one. */
const COALESCE_BYTES_MAX = 64 * 1024
/** A closing socket whose peer does not take the last bytes is destroyed after this. */
const LINGER_MS = 2_000

export class Link {
  /** Where the peer's bytes come from: msgr2 type, nonce 0. */
  readonly peerAddr: EntityAddr
  /** When the last bytes arrived, milliseconds since 1970. */
  heardMs: number
  private handler: LinkHandler
  private readonly socket: Socket
  private readonly reader = new FrameReader()
  private readonly writer = new FrameWriter()
  private revision: Revision = 1
  private bannerSeen = false
  private closed = false
  private isTrusted = false
  private isSealed = false
  private out: Buffer[] = []
  private flushScheduled = false
  private readonly unsentBytesMax: number
  private readonly held: HeldBytes | undefined

  constructor(
    socket: Socket,
    options: {
      readonly handler: LinkHandler
      readonly now: () => number
      readonly peerAddr?: EntityAddr
      readonly unsentBytesMax?: number
      readonly held?: HeldBytes
    },
  ) {
    this.socket = socket
    this.handler = options.handler
    this.unsentBytesMax = options.unsentBytesMax ?? UNSENT_BYTES_MAX
    this.held = options.held
    this.held?.add(this)
    this.peerAddr = options.peerAddr ?? socketAddr(socket)
    this.heardMs = options.now()
    let cause = 'peer closed the socket'
    socket.setNoDelay(true)
    socket.on('data', (chunk) => {
      this.heardMs = options.now()
      this.reader.push(chunk)
      this.read()
      this.held?.moved(chunk.length)
    })
    socket.on('error', (error) => (cause = error.message))
    socket.on('close', () => {
      this.held?.remove(this)
      this.lose(cause)
    })
  }

  get isClosed(): boolean {
    return this.closed
  }

  /** Bytes that the system has not taken. */
  get unsentBytes(): number {
    return this.socket.writableLength
  }

  /** Bytes kept for this socket: of frames that are not complete, and not sent. */
  get heldBytes(): number {
    return this.reader.pendingBytes + this.unsentBytes
  }

  giveWay(reason: string): void {
    this.lose(reason)
  }

  /** The connection stands: `handler` reads on, and messages may come. */
  handOver(handler: LinkHandler): void {
    this.handler = handler
    this.reader.acceptMessages()
  }

  /** The peer is a fellow monitor: what it holds has a limit elsewhere. */
  trust(): void {
    this.held?.remove(this)
    this.isTrusted = true
  }

  sendBanner(): void {
    this.writer.writeBanner(OUR_BANNER, this.out)
    this.scheduleFlush()
  }

  send(frame: Frame): void {
    if (this.closed) return
    const written = this.writer.write(frame, this.out)
    if (E.isLeft(written)) this.lose(describeFrameError(written.left))
    this.scheduleFlush()
  }

  useRevision(revision: Revision): void {
    this.revision = revision
    this.reader.useRevision(revision)
    this.writer.useRevision(revision)
  }

  /** The signature to send and the one to expect, over the bytes of either direction so far. */
  sign(sessionKey: Buffer | undefined): { readonly own: Buffer; readonly expected: Buffer } {
    const own = transcriptSignature(sessionKey, this.reader.transcript())
    const expected = transcriptSignature(sessionKey, this.writer.transcript())
    this.reader.endTranscript()
    this.writer.endTranscript()
    return { own, expected }
  }

  /** What the two sides have agreed on, for the log. */
  get negotiated(): { readonly mode: 'crc' | 'secure'; readonly revision: Revision } {
    return { mode: this.isSealed ? 'secure' : 'crc', revision: this.revision }
  }

  useSecret(secret: Buffer, side: Side): void {
    this.isSealed = true
    const { rx, tx } = streamKeys(secret, side)
    this.reader.useKey(rx, this.revision)
    this.writer.useKey(tx, this.revision)
  }

  /** Sends what was written, then closes. The handler hears nothing more. */
  close(): void {
    if (this.closed) return
    this.flush()
    this.closed = true
    this.socket.destroySoon()
    const linger = setTimeout(() => this.socket.destroy(), LINGER_MS).unref()
    this.socket.once('close', () => clearTimeout(linger))
  }

  /** Closes at once. The handler hears nothing more. */
  abandon(): void {
    this.closed = true
    this.socket.destroy()
  }

  private lose(reason: string): void {
    if (this.closed) return
    this.abandon()
    this.handler.linkLost(reason)
  }

  private read(): void {
    while (!this.closed && this.readOne());
    if (!this.closed) this.handler.chunkDone()
  }

  private readOne(): boolean {
    if (!this.bannerSeen) {
      const banner = this.reader.banner()
      if (E.isLeft(banner)) this.lose(describeFrameError(banner.left))
      if (E.isLeft(banner) || banner.right === undefined) return false
      this.bannerSeen = true
      this.handler.bannerReceived(banner.right)
      return true
    }
    const frame = this.reader.next()
    if (E.isLeft(frame)) this.lose(describeFrameError(frame.left))
    if (E.isLeft(frame) || frame.right === undefined) return false
    this.handler.frameReceived(frame.right)
    return true
  }

  private scheduleFlush(): void {
    if (this.flushScheduled || this.closed) return
    this.flushScheduled = true
    queueMicrotask(() => {
      this.flushScheduled = false
      this.flush()
    })
  }

  private flush(): void {
    if (this.closed || this.out.length === 0) return
    const out = this.out
    this.out = []
    const [first] = out
    const bytes = out.reduce((sum, { length }) => sum + length, 0)
    if (out.length === 1 && first !== undefined) this.socket.write(first)
    else if (bytes <= COALESCE_BYTES_MAX) this.socket.write(Buffer.concat(out, bytes))
    else {
      this.socket.cork()
      for (const buffer of out) this.socket.write(buffer)
      this.socket.uncork()
    }
    if (!this.isTrusted && this.unsentBytes > this.unsentBytesMax)
      this.lose(`${this.unsentBytes} bytes wait to be sent`)
    this.held?.moved(bytes)
  }
}

const IPV4_MAPPED = '::ffff:'

const socketAddr = ({ remoteAddress, remotePort }: Socket): EntityAddr => {
  if (remoteAddress === undefined || remotePort === undefined) return BLANK_ADDR
  const mapped = remoteAddress.startsWith(IPV4_MAPPED) && remoteAddress.includes('.')
  const ip = mapped ? remoteAddress.slice(IPV4_MAPPED.length) : remoteAddress
  // A link-local IPv6 address carries its interface after a percent sign.
  return entityAddr('msgr2', ip.replace(/%.*$/, ''), remotePort)
}
