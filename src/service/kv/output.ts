/** Output of config-key's lists: JSON whatever was asked for, and a line end also after the compact form. */
import { formatJson, type Json } from '../../base/json.ts'
import type { Command, CommandReply } from '../contract.ts'
import { output } from '../reply.ts'

export const listOutput = (command: Command, value: Json): CommandReply =>
  output(command.format === 'json' ? `${formatJson(value)}\n` : formatJson(value, true))
