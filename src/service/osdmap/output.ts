/** Outputs of commands in the shapes that the original's string handling gives them. */
import { formatJson, type Json } from '../../base/json.ts'
import type { Command, CommandReply } from '../contract.ts'
import { jsonOutput, output, wantsJson } from '../reply.ts'

/**
 * Text that went through a stream into a buffer: line by line, each ended by a newline, empty ones dropped.
 * Source: ceph src/common/buffer.cc list::append(std::istream&).
 */
export const lines = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `${line}\n`)
    .join('')

const asJson = (command: Command, value: Json): string => formatJson(value, command.format === 'json-pretty')

/** JSON or plain text, either of them as `lines` has it. */
export const linesOutput = (command: Command, json: () => Json, plain: () => string): CommandReply =>
  output(lines(wantsJson(command) ? asJson(command, json()) : plain()))

/** JSON as it is, or plain text as `lines` has it. */
export const linesOrJson = (command: Command, json: () => Json, plain: () => string): CommandReply =>
  wantsJson(command) ? jsonOutput(command, json()) : output(lines(plain()))

/** JSON followed by `end`, or plain text as it is. */
export const formattedWithEnd = (
  command: Command,
  json: () => Json,
  plain: () => string,
  end: string,
): CommandReply => output(wantsJson(command) ? asJson(command, json()) + end : plain())

/** JSON whatever was asked for, indented unless compact JSON was; then `end`. */
export const alwaysJson = (command: Command, value: Json, end = ''): CommandReply =>
  output(formatJson(value, command.format === 'json-pretty' || command.format === 'plain') + end)
