/** A client of one simulated monitor: what it sends, and what it has been sent. */
import type { Message } from '../../src/message/message.ts'

type Tag = Message['_tag']
type Of<T extends Tag> = Extract<Message, { readonly _tag: T }>

export class SimulatedClient {
  readonly mon: number
  readonly connection: number
  readonly received: { readonly message: Message; readonly tid: bigint }[] = []
  /** Why the monitor, or its death, has ended the connection. */
  closed: string | undefined
  private readonly deliver: (message: Message, tid: bigint) => void
  private readonly fsid: string
  private nextTid = 1n

  constructor(mon: number, connection: number, fsid: string, deliver: SimulatedClient['deliver']) {
    this.mon = mon
    this.connection = connection
    this.fsid = fsid
    this.deliver = deliver
  }

  /** Sends a message; the tid it went under. */
  send(message: Message): bigint {
    const tid = this.nextTid++
    if (this.closed === undefined) this.deliver(message, tid)
    return tid
  }

  command(fields: Readonly<Record<string, unknown>>): bigint {
    return this.send({
      _tag: 'MMonCommand',
      version: 0n,
      fsid: this.fsid,
      cmd: [JSON.stringify(fields)],
      data: Buffer.alloc(0),
    })
  }

  setKey(key: string, val: string): bigint {
    return this.command({ prefix: 'config-key set', key, val })
  }

  getKey(key: string): bigint {
    return this.command({ prefix: 'config-key get', key })
  }

  subscribe(what: string, start: bigint, onetime = false): bigint {
    return this.send({ _tag: 'MMonSubscribe', what: new Map([[what, { start, onetime }]]), hostname: 'h' })
  }

  /** All messages of a kind, in the order in which they came. */
  all<T extends Tag>(tag: T): readonly Of<T>[] {
    return this.received.flatMap(({ message }) => (message._tag === tag ? [message as Of<T>] : []))
  }

  /** The answers to a command; more than one is a mistake. */
  answers(tid: bigint): readonly Of<'MMonCommandAck'>[] {
    return this.received.flatMap(({ message, tid: of }) =>
      of === tid && message._tag === 'MMonCommandAck' ? [message] : [],
    )
  }
}
