/** Every message that a monitor reads or writes, and the only list of them. A type number occurs once. */
import { MAuth, MAuthReply } from './auth.ts'
import { MCommand, MCommandReply } from './command.ts'
import { MConfig, MGetConfig } from './config.ts'
import { MForward } from './forward.ts'
import { MLog, MLogAck } from './log.ts'
import { MMonCommand, MMonCommandAck } from './mon-command.ts'
import { MMonElection } from './mon-election.ts'
import { MMonGetMap } from './mon-get-map.ts'
import { MMonGetVersion, MMonGetVersionReply } from './mon-get-version.ts'
import { MMonMap } from './mon-map.ts'
import { MMonPaxos } from './mon-paxos.ts'
import { MMonPing } from './mon-ping.ts'
import { MMonProbe } from './mon-probe.ts'
import { MMonSubscribe } from './mon-subscribe.ts'
import { MPing } from './ping.ts'
import { MRoute } from './route.ts'
import { MTimeCheck2 } from './time-check.ts'

export const MESSAGE_TABLE = [
  MPing,
  MMonMap,
  MMonGetMap,
  MMonSubscribe,
  MAuth,
  MAuthReply,
  MMonGetVersion,
  MMonGetVersionReply,
  MForward,
  MRoute,
  MMonCommand,
  MMonCommandAck,
  MLog,
  MLogAck,
  MConfig,
  MGetConfig,
  MMonElection,
  MMonPaxos,
  MMonProbe,
  MCommand,
  MCommandReply,
  MMonPing,
  MTimeCheck2,
] as const
