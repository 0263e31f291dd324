/** `mon stat`. Source: ceph src/mon/MonmapMonitor.cc preprocess_command. */
import { monMapSummaryJson, printMonMapSummary } from '../../../map/mon-map/print.ts'
import type { CommandHandler } from '../../contract.ts'
import { formatted, streamed } from '../../reply.ts'

export const monStat: CommandHandler = {
  query: (world, _request, command) => {
    const { monmap, quorum } = world
    const leader = monmap.ranks[quorum.leader] ?? ''
    const names = quorum.ranks.map((rank) => monmap.ranks[rank] ?? '')
    return streamed(
      formatted(
        command,
        () => ({
          ...monMapSummaryJson(monmap),
          leader,
          quorum: quorum.ranks.map((rank, i) => ({ rank, name: names[i] ?? '' })),
        }),
        () => {
          return (
            `${printMonMapSummary(monmap)}, election epoch ${quorum.epoch}, ` +
            `leader ${quorum.leader} ${leader}, quorum ${quorum.ranks.join(',')} ${names.join(',')}`
          )
        },
      ),
    )
  },
}
