/** Commands of the osdmap service, by prefix. */
import type { CommandHandler } from '../../contract.ts'
import { poolCreate } from './pool-create.ts'

export const OSDMAP_COMMANDS: ReadonlyMap<string, CommandHandler> = new Map<string, CommandHandler>([
  ['osd pool create', poolCreate],
])
