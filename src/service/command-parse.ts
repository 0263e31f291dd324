/**
 * The JSON of a command, parsed and checked.
 *
 * Limits: COMMAND_BYTES_MAX of JSON (large input comes beside it, as data); JSON nested deeper than COMMAND_DEPTH_MAX is refused unread, because a parser
 * that recurses would not survive it.
 * Errors: the replies that the original gives for text that is no JSON, no object, has no prefix or an empty one.
 * Source: ceph src/common/cmdparse.cc cmdmap_from_json; src/mon/Monitor.cc Monitor::handle_command.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Command, CommandReply, Format } from './contract.ts'
import { ERRNO } from './errno.ts'
import { failed } from './reply.ts'

export const COMMAND_BYTES_MAX = 1024 * 1024
export const COMMAND_DEPTH_MAX = 64

const JsonObject = t.UnknownRecord
const FORMATS: readonly string[] = ['json', 'json-pretty', 'xml', 'xml-pretty']

// Everything that is not one of the structured formats is printed plain, as the original does.
const formatOf = (value: unknown): Format =>
  typeof value === 'string' && FORMATS.includes(value) ? (value as Format) : 'plain'

/** How deep brackets nest outside strings. */
export const jsonDepth = (text: string): number => {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (inString) {
      if (c === '\\') i++
      else if (c === '"') inString = false
    } else if (c === '"') inString = true
    else if (c === '{' || c === '[') deepest = Math.max(deepest, ++depth)
    else if (c === '}' || c === ']') depth--
  }
  return deepest
}

const parseJson = (text: string): E.Either<CommandReply, unknown> => {
  if (text.length > COMMAND_BYTES_MAX)
    return E.left(failed(ERRNO.EINVAL, `command of ${text.length} characters exceeds ${COMMAND_BYTES_MAX}`))
  if (jsonDepth(text) > COMMAND_DEPTH_MAX)
    return E.left(failed(ERRNO.EINVAL, `command JSON is nested deeper than ${COMMAND_DEPTH_MAX}`))
  return E.tryCatch(
    () => JSON.parse(text) as unknown,
    () => failed(ERRNO.EINVAL, 'unparseable JSON ' + text),
  )
}

/** `pieces` of one JSON text, and the command's input. */
export const parseCommand = (pieces: readonly string[], input: Buffer): E.Either<CommandReply, Command> => {
  if (pieces.length === 0) return E.left(failed(ERRNO.EINVAL, 'no command specified'))
  const text = pieces.join('')
  const json = parseJson(text)
  if (E.isLeft(json)) return json
  const object = JsonObject.decode(json.right)
  if (E.isLeft(object) || Array.isArray(json.right))
    return E.left(failed(ERRNO.EINVAL, 'command JSON is not an object'))
  const { prefix, format, ...args } = object.right
  if (typeof prefix !== 'string') return E.left(failed(ERRNO.EINVAL, 'command prefix not found'))
  if (prefix === '') return E.left(failed(ERRNO.EINVAL, 'command prefix must not be empty'))
  if (!/[^\s,;=]/.test(prefix)) return E.left(failed(ERRNO.EINVAL, 'command requires a prefix to be valid'))
  return E.right({
    prefix,
    args: new Map(Object.entries(args)),
    format: formatOf(format),
    ...(typeof format === 'string' ? { formatName: format } : {}),
    input,
    text,
  })
}
