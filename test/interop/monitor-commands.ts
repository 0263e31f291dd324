/** Commands about monitors: one of them, and the map of all. */
import { change, read, readShape, type Script, tell } from './command-step.ts'

export const MONITOR_SCRIPTS: readonly Script[] = [
  {
    title: 'one monitor',
    steps: [
      ...tell(`
        tell mon.a mon_status
        tell mon.a quorum_status
        tell mon.a version
        tell mon.a config get mon_max_pg_per_osd
        tell mon.a config get nothing
        tell mon.a config set mon_max_pg_per_osd 77
        tell mon.a config get mon_max_pg_per_osd
        tell mon.a injectargs --mon_max_pg_per_osd=x
        tell mon.a strange
        tell mon.a sessions
        tell mon.a git_version
        tell mon.zz version
        tell mon.a help
        ping mon.zz
        daemon mon.a version
        daemon mon.a config get mon_max_pg_per_osd
        daemon mon.a config get nothing
        daemon mon.a config set mon_max_pg_per_osd 79
        daemon mon.a config set mon_max_pg_per_osd x
        daemon mon.a help
        daemon mon.a quorum_status
        daemon mon.a sessions
        daemon mon.a log flush
        daemon mon.a strange`),
      ...change(`
        tell mon.a config set mon_max_pg_per_osd 78
        tell mon.a config set mon_max_pg_per_osd 78
        tell mon.a config set mon_lease 5
        tell mon.a config set mon_lease 5
        tell mon.a config set mon_tick_interval 5
        tell mon.a config set debug_paxos 1/5
        tell mon.a config set mon_data /x
        tell mon.a config set mon_host 1.2.3.4
        tell mon.a config set fsid 1
        tell mon.a config set clog_to_monitors default=true
        tell mon.a config set osd_max_backfills 3
        tell mon.a injectargs '--mon_tick_interval=6 --mon_lease=5.5 --mon-compact-on-start'
        tell mon.a injectargs '--mon_tick_interval 5 --mon-lease 5'
        tell mon.a injectargs '--mon_data /x'
        tell mon.a injectargs '--fsid=1'
        tell mon.a injectargs '--nothing 3'
        tell mon.a injectargs '--mon_lease'
        tell mon.a config unset mon_tick_interval
        tell mon.a config unset mon_tick_interval
        tell mon.a config unset nothing
        tell mon.a quorum enter`),
    ],
  },
  {
    title: 'monitors',
    steps: [
      ...change(`
        mon ok-to-rm zz
        mon rm zz
        mon remove zz
        mon set-rank zz 0
        mon set-weight zz 1
        mon set-weight a 70000
        mon set-addrs zz 1.2.3.4
        mon set-addrs a nonsense
        mon set-addrs a v2:1.2.3.4:0
        mon feature set strange
        mon feature set kraken
        mon feature set kraken --yes-i-really-mean-it
        mon enable-msgr2
        mon set election_strategy strange
        mon add disallowed_leader a
        mon rm disallowed_leader a
        mon set_location zz dc=x
        mon set_location a dc
        mon set_location a dc=
        mon set_new_tiebreaker a
        mon enable_stretch_mode a nothing dc
        mon enable_stretch_mode a replicated_rule dc
        mon add a 1.2.3.4:3300
        mon add dd nonsense
        mon add dd 1.2.3.4 xx
        mon add a`),
      ...read(`
        mon feature ls --with-value
        mon getmap -o /dev/null`),
      ...change(`
        mon set-weight a 10
        mon set_location a datacenter=east rack=r1`),
      ...readShape(`
        mon dump
        mon dump 1
        mon dump 3
        mon dump 99
        mon stat`),
    ],
  },
]
