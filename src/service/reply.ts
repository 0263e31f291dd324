/** Builders of command outcomes. */
import { formatJson, type Json } from '../base/json.ts'
import { wireBytes } from '../base/text.ts'
import type {
  Command,
  CommandReply,
  Request,
  ServiceEffect,
  ServicePendings,
  UpdateResult,
} from './contract.ts'
import type { ERRNO } from './errno.ts'

const NOTHING = Buffer.alloc(0)

/** Success with a text for the user's stderr. */
export const done = (text = ''): CommandReply => ({ code: 0, text, data: NOTHING })

/** Success with output. */
export const output = (data: Buffer | string, text = ''): CommandReply => ({
  code: 0,
  text,
  data: typeof data === 'string' ? wireBytes(data) : data,
})

/** Failure: errno name's number (positive here, negative in the reply) and what is wrong. */
export const failed = (
  errno: (typeof ERRNO)[keyof typeof ERRNO],
  text: string,
  data: Buffer = NOTHING,
): CommandReply => ({
  code: -errno,
  text,
  data,
})

export const wantsJson = (command: Command): boolean => command.format !== 'plain'

/** JSON when the client asked for a format, else the plain text. */
export const formatted = (command: Command, json: () => Json, plain: () => string): CommandReply =>
  wantsJson(command) ? jsonOutput(command, json()) : output(plain())

/** JSON whatever was asked for: indented unless compact JSON was. */
export const prettyOutput = (command: Command, value: Json): CommandReply =>
  output(formatJson(value, command.format !== 'json'))

/** JSON in the asked form: indented for json-pretty, compact otherwise. */
export const jsonOutput = (command: Command, value: Json): CommandReply =>
  output(formatJson(value, command.format === 'json-pretty'))

/**
 * Output as the original's text streams leave it: each line ends with a newline, empty lines are gone.
 *
 * Source: ceph src/common/buffer.cc buffer::list::append(std::istream&).
 */
export const streamed = (reply: CommandReply): CommandReply => ({
  ...reply,
  data: Buffer.from(
    reply.data
      .toString('latin1')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => `${line}\n`)
      .join(''),
    'latin1',
  ),
})

export const answer = (request: Request, reply: CommandReply): ServiceEffect => ({
  _tag: 'CommandAnswer',
  request,
  reply,
})

/** An update that turns out to change nothing. */
export const answered = (request: Request, reply: CommandReply): UpdateResult => ({
  _tag: 'Answered',
  effects: [answer(request, reply)],
})

/** An update that is proposed; the client hears `reply` once it is committed. */
export const prepared = (
  request: Request,
  pendings: Partial<ServicePendings>,
  reply: CommandReply,
  more: { readonly effects?: readonly ServiceEffect[]; readonly afterCommit?: readonly ServiceEffect[] } = {},
): UpdateResult => ({
  _tag: 'Prepared',
  pendings,
  effects: more.effects ?? [],
  afterCommit: [...(more.afterCommit ?? []), answer(request, reply)],
})
