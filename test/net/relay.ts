/** A network between two peers that can break: cut after so many bytes, or stall. */
import assert from 'node:assert/strict'
import { connect, createServer, type Socket } from 'node:net'

export interface Relay {
  readonly port: number
  /** Reads no more from either side; what is on its way stays there. */
  readonly stall: () => void
  readonly close: () => void
}

/** Relays to `target` on loopback; the n-th connection is cut after `cuts[n]` bytes of either direction. */
export const startRelay = async (target: number, cuts: number[] = []): Promise<Relay> => {
  const sockets: Socket[] = []
  const server = createServer((from) => {
    const to = connect(target, '127.0.0.1')
    sockets.push(from, to)
    let left = cuts.shift() ?? Infinity
    const pass = (a: Socket, b: Socket): void => {
      a.on('data', (chunk) => {
        if (left <= 0) return
        const part = chunk.subarray(0, left)
        left -= chunk.length
        if (part.length > 0) b.write(part)
        if (left > 0) return
        // What was passed on before still arrives: the cut is in the middle of a frame, not of a buffer.
        a.destroySoon()
        b.destroySoon()
      })
      a.on('error', () => undefined).on('close', () => b.destroySoon())
    }
    pass(from, to)
    pass(to, from)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert(address !== null && typeof address !== 'string')
  return {
    port: address.port,
    stall: () => sockets.forEach((socket) => socket.pause()),
    close: () => {
      server.close()
      sockets.forEach((socket) => socket.destroy())
    },
  }
}
