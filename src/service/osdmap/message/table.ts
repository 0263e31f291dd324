/** Messages that the osdmap service handles, by name. */
import type { Message } from '../../../message/message.ts'
import { getOsdMap } from './get-osd-map.ts'
import type { MessageHandler } from './handler.ts'

export const MESSAGE_HANDLERS: ReadonlyMap<Message['_tag'], MessageHandler> = new Map<
  Message['_tag'],
  MessageHandler
>([['MMonGetOSDMap', getOsdMap]])
