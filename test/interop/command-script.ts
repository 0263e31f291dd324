/** Commands that are given to a cluster of ours and to the original, in this order. */
import { change, lines, read, readJsonShape, readShape, type Script } from './command-step.ts'
import { MAP_SCRIPTS } from './map-commands.ts'
import { MONITOR_SCRIPTS } from './monitor-commands.ts'
import { POOL_SCRIPTS } from './pool-commands.ts'

export const SCRIPTS: readonly Script[] = [
  ...MAP_SCRIPTS,
  {
    title: 'options',
    steps: [
      ...change(`
        config set osd debug_osd 5
        config set osd.0 osd_max_backfills 7
        config set global mon_max_pg_per_osd 300
        config set mon mon_max_pg_per_osd 301
        config set mon mon_max_pg_per_osd many
        config set mon mon_allow_pool_delete maybe
        config set mon mon_clock_drift_allowed fast
        config set osd nothing_like_it 5
        config set osd nothing_like_it 5 --force
        config set strange debug_osd 5
        config set osd/class:ssd osd_max_backfills 9
        config set osd/rack:r1 osd_max_backfills 8
        config set osd/strange osd_max_backfills 8
        config set global fsid 00000000-0000-0000-0000-000000000001
        config set mon.a mon_host 1.2.3.4
        config set client.x debug_ms 1/5
        config set osd osd_memory_target 4G
        config set osd debug_osd 200
        config rm osd nothing
        config rm osd debug_filer`),
      ...read(`
        config dump
        config get osd
        config get osd.0
        config get osd.0 osd_max_backfills
        config get osd.0 osd_memory_target
        config get mon
        config get mon mon_max_pg_per_osd
        config get client.x
        config get client.x debug_ms
        config get osd nothing_like_it
        config get osd never_heard_of
        config get strange
        config log
        config log 2
        config help never_heard_of`),
      ...readShape(`
        config generate-minimal-conf`),
      ...readJsonShape(`
        config help mon_max_pg_per_osd`),
      ...change(`
        config rm osd debug_osd
        config rm osd debug_osd
        config rm mon mon_max_pg_per_osd
        config reset 1
        config reset 10000`),
      ...read(`
        config dump
        config log 1`),
    ],
  },
  {
    title: 'keys and values',
    steps: [
      ...change(`
        config-key set a/b value
        config-key set a/b value
        config-key set a/c 'two words'
        config-key set empty
        config-key rm nothing
        config-key put old style
        config-key set config/osd/osd_max_scrubs 3`),
      ...read(`
        config-key get a/b
        config-key get a/c
        config-key get empty
        config-key get nothing
        config-key exists a/b
        config-key exists nothing
        config-key dump a/
        config-key ls
        config get osd
        config get osd.0 osd_max_scrubs
        config dump`),
      ...change(`
        config-key rm config/osd/osd_max_scrubs
        config-key rm a/b
        config-key del a/c
        config-key set mgr/x 1`),
      ...read(`
        config-key ls
        config get osd debug_ms
        config dump`),
    ],
  },
  {
    title: 'entities',
    steps: [
      ...change(`
        auth get-or-create client.one mon 'allow r' osd 'allow rw pool=x'
        auth get-or-create client.one mon 'allow r' osd 'allow rw pool=x'
        auth get-or-create client.one mon 'allow rw'
        auth get-or-create client.two mon 'allow strange'
        auth get-or-create client.two mon
        auth get-or-create client.two osd 'allow rwz'
        auth get-or-create client.two mds 'nothing'
        auth get-or-create nodot mon 'allow r'
        auth get-or-create strange.x mon 'allow r'
        auth get-or-create-key client.three mon 'profile osd'
        auth add client.four mon 'allow r'
        auth add client.four mon 'allow rw'
        auth add client.five mon 'allow garbage'
        auth caps client.one mon 'allow rwx' mgr 'allow *'
        auth caps client.one mon 'allow y'
        auth caps client.none mon 'allow r'
        auth get-or-create client.rbd mon 'profile rbd' osd 'profile rbd pool=x' mgr 'profile rbd pool=x'
        auth import -i KEYRING
        auth import -i BAD_KEYRING
        auth import
        auth add client.seven -i KEYRING`),
      ...read(`
        auth get client.one
        auth get client.none
        auth get client.six
        auth get nodot
        auth get-key client.one
        auth print-key client.one
        auth print_key client.one
        auth get-key client.none
        auth export client.one
        auth export client.none
        auth ls
        auth list
        auth export`),
      ...change(`
        auth rm client.one
        auth rm client.one
        auth del client.four
        fs authorize nothing client.fs / rw`),
      ...read(`
        auth ls`),
    ],
  },
  {
    title: 'file systems and managers',
    steps: [
      ...change(`
        mgr fail
        mgr fail x
        mgr module enable nothing
        mgr module disable nothing
        mgr module enable dashboard`),
      ...read(`
        fs ls
        fs dump
        mds stat
        mgr dump
        mgr module ls
        health detail
        -s`),
    ],
  },
  {
    title: 'health and log',
    steps: [
      ...change(`
        log 'hello there'
        log`),
      ...readShape(`
        log last 5 strange`),
      ...change(`
        health mute TOO_FEW_OSDS
        health mute TOO_FEW_OSDS 10m
        health mute NOTHING
        health mute NOTHING foo
        health mute NOTHING 5x
        health mute NOTHING '5 5'
        health mute NOTHING 0h
        health mute NOTHING 99999999999999999999
        health mute FOREVER 9999999999y --sticky`),
      ...read(`
        health
        health detail
        -s`),
      ...change(`
        health unmute TOO_FEW_OSDS
        health unmute
        health mute NOTHING 1w --sticky`),
      ...read(`
        health
        health detail`),
    ],
  },
  ...POOL_SCRIPTS,
  ...MONITOR_SCRIPTS,
  {
    title: 'words that are not commands',
    steps: change(`
      strange
      osd strange
      osd pool create
      osd pool set mypool
      config get`),
  },
]

/** Known to the client, and refused by ours with ENOTSUP and a sentence. */
export const NOT_IMPLEMENTED: readonly string[] = lines(`
  osd erasure-code-profile set layered plugin=lrc k=4 m=2 l=3
  fs new myfs meta data
  fs rm myfs
  fs set-default nothing
  mds rm 5
  mon set election_strategy connectivity
  mon scrub`)
