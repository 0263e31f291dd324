/** Messages that the osdmap service handles, by name. */
import type { Message } from '../../../message/message.ts'
import { osdAlive } from './alive.ts'
import { osdBeacon } from './beacon.ts'
import { osdBoot } from './boot.ts'
import { osdFailure } from './failure.ts'
import { osdFull } from './full.ts'
import { getOsdMap } from './get-osd-map.ts'
import type { MessageHandler } from './handler.ts'
import { osdMarkMeDead, osdMarkMeDown } from './mark-me-down.ts'
import { osdPgCreated } from './pg-created.ts'
import { poolOp } from './pool-op.ts'
import { osdPgTemp } from './pg-temp.ts'

export const MESSAGE_HANDLERS: ReadonlyMap<Message['_tag'], MessageHandler> = new Map<
  Message['_tag'],
  MessageHandler
>([
  ['MMonGetOSDMap', getOsdMap],
  ['MPoolOp', poolOp],
  ['MOSDBoot', osdBoot],
  ['MOSDAlive', osdAlive],
  ['MOSDMarkMeDown', osdMarkMeDown],
  ['MOSDMarkMeDead', osdMarkMeDead],
  ['MOSDFailure', osdFailure],
  ['MOSDBeacon', osdBeacon],
  ['MOSDFull', osdFull],
  ['MOSDPGTemp', osdPgTemp],
  ['MOSDPGCreated', osdPgCreated],
])
