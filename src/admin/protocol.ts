/**
 * The admin socket's bytes. A client sends one request and reads one answer:
 *
 *   request = JSON text, then byte 0 or newline; at most REQUEST_BYTES_MAX with its end
 *           | byte 0 and three more bytes: the ancient form, a big-endian number
 *   answer  = u32 big-endian length, that many bytes; then the server closes
 *
 * Source: ceph src/common/admin_socket.cc AdminSocket::do_accept, AdminSocket::execute_command.
 */
import { textOf, wireBytes } from '../base/text.ts'
import { ERRNO, printErrno } from '../service/errno.ts'

/** The size of the original's buffer. */
export const REQUEST_BYTES_MAX = 1024

/** What a client wants: the JSON object that it sent. */
export interface AdminRequest {
  readonly prefix: string
  /** As sent; empty when it was not. */
  readonly format: string
  /** All members but prefix and format. */
  readonly args: ReadonlyMap<string, unknown>
  /** The whole request as it came. */
  readonly text: string
}

/** `code` is 0 or a negative errno. */
export interface AdminReply {
  readonly code: number
  readonly text: string
  readonly data: Buffer
}

export type RequestBytes =
  | { readonly _tag: 'Incomplete' }
  | { readonly _tag: 'TooLong' }
  | { readonly _tag: 'Complete'; readonly text: string }

const LEGACY_BYTES = 4
const LEGACY_PREFIXES: readonly string[] = ['0', 'perfcounters_dump', 'perfcounters_schema']

/** What the bytes received so far amount to. What follows the end of a request is ignored. */
export const requestIn = (received: Buffer): RequestBytes => {
  if (received[0] === 0) return legacyRequestIn(received)
  const end = received.findIndex((byte) => byte === 0 || byte === 0x0a)
  if (end >= REQUEST_BYTES_MAX || (end < 0 && received.length >= REQUEST_BYTES_MAX))
    return { _tag: 'TooLong' }
  return end < 0 ? { _tag: 'Incomplete' } : { _tag: 'Complete', text: textOf(received.subarray(0, end)) }
}

// Only the last of the four bytes is looked at, and an unknown one becomes a prefix that nobody registers.
const legacyRequestIn = (received: Buffer): RequestBytes => {
  const number = received[LEGACY_BYTES - 1]
  if (number === undefined) return { _tag: 'Incomplete' }
  return { _tag: 'Complete', text: JSON.stringify({ prefix: LEGACY_PREFIXES[number] ?? 'foo' }) }
}

/** The request in a text, or the refusal to answer with. */
export const parseRequest = (text: string): AdminRequest | AdminReply => {
  const json = parseObject(text)
  if (json === undefined) return refusal('invalid json')
  const { prefix = '', format = '', ...rest } = json
  if (typeof prefix !== 'string' || typeof format !== 'string')
    return refusal('invalid json, missing format and/or prefix')
  return { prefix, format, args: new Map(Object.entries(rest)), text }
}

const parseObject = (text: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** The reply to a request that no command takes: EINVAL with `text`. */
export const refusal = (text: string): AdminReply => ({ code: -ERRNO.EINVAL, text, data: Buffer.alloc(0) })

/** The answer's bytes. The protocol has no room for a code, so a failure is told in words before the output. */
export const answerBytes = (reply: AdminReply): Buffer => {
  const words =
    reply.code < 0 ? wireBytes(`ERROR: ${printErrno(reply.code)}\n${reply.text}\n`) : Buffer.alloc(0)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(words.length + reply.data.length)
  return Buffer.concat([length, words, reply.data])
}

/** The payload of a complete answer; undefined while bytes are missing. */
export const answerIn = (received: Buffer): Buffer | undefined => {
  if (received.length < 4) return undefined
  const end = 4 + received.readUInt32BE(0)
  return received.length < end ? undefined : received.subarray(4, end)
}
