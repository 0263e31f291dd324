/**
 * Commands that are given to a cluster of ours and to the original, in this order. A line of a script is what one
 * types after `ceph`; a blank inside an argument is protected by single quotes.
 */

/** How much of an answer must be equal. */
export type Likeness =
  /** All but names, keys, times, addresses and versions of elections. */
  | 'text'
  /** Names and types of fields, or words without numbers: what it says depends on how many monitors there are. */
  | 'shape'

export type Format = 'plain' | 'json'

export interface Step {
  readonly line: string
  readonly formats: readonly Format[]
  /** Any monitor takes a change; a read must have the same answer at each. */
  readonly monitors: 'any' | 'each'
  readonly likeness: Likeness
}

export interface Script {
  readonly title: string
  readonly steps: readonly Step[]
}

const lines = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

const stepsOf =
  (formats: readonly Format[], monitors: Step['monitors'], likeness: Likeness) =>
  (text: string): readonly Step[] =>
    lines(text).map((line) => ({ line, formats, monitors, likeness }))

const change = stepsOf(['plain'], 'any', 'text')
const changeShape = stepsOf(['plain'], 'any', 'shape')
const read = stepsOf(['plain', 'json'], 'each', 'text')
const readShape = stepsOf(['plain', 'json'], 'each', 'shape')
/** For answers whose plain form has prose of Ceph's that ours does not carry. */
const readJsonShape = stepsOf(['json'], 'each', 'shape')
/** What is asked of one daemon, by its name. */
const tell = stepsOf(['plain', 'json'], 'any', 'shape')

/** `a 'b c'` → `a`, `b c`. */
export const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')

export const SCRIPTS: readonly Script[] = [
  {
    title: 'a new cluster',
    steps: [
      ...readShape(`
        -s
        mon dump
        mon stat
        quorum_status
        mon metadata
        mon metadata a
        mon versions
        mon feature ls
        node ls
        features
        versions`),
      ...read(`
        health
        health detail
        fsid
        df
        df detail
        version
        node ls osd
        mgr stat
        mgr dump
        mgr module ls
        mgr metadata
        mgr versions
        mds stat
        mds versions
        mds metadata
        mds compat show
        fs ls
        fs dump
        fs get nothing
        osd stat
        osd tree
        osd ls
        osd dump
        osd getmaxosd
        osd blocklist ls
        osd versions
        osd metadata
        osd get-require-min-compat-client
        osd pool ls`),
    ],
  },
  {
    title: 'pools',
    steps: [
      ...change(`
        osd pool create mypool 128
        osd pool create mypool 128
        osd pool create few 8 8 replicated --size 2
        osd pool create bad 0
        osd pool create huge 100000000
        osd pool create strange 8 8 strange
        osd pool create auto`),
      ...read(`
        osd pool ls
        osd pool ls detail
        osd pool get mypool all
        osd pool get mypool size
        osd pool get mypool pg_num
        osd pool get mypool nothing
        osd pool get nowhere size
        osd pool get mypool crush_rule
        osd pool get mypool hit_set_type
        osd pool get-quota mypool
        osd pool get-quota nowhere
        osd pool application get
        osd pool application get mypool
        osd dump
        osd stat
        df
        df detail
        health
        health detail
        -s`),
      ...change(`
        osd pool set mypool size 2
        osd pool set mypool size 0
        osd pool set mypool size 11
        osd pool set mypool size x
        osd pool set mypool min_size 1
        osd pool set mypool nothing 1
        osd pool set nowhere size 2
        osd pool set mypool pg_autoscale_mode off
        osd pool set mypool pg_autoscale_mode strange
        osd pool set mypool pg_num 64
        osd pool set mypool pgp_num 256
        osd pool set mypool nodelete true
        osd pool set mypool compression_mode aggressive
        osd pool set mypool crush_rule nothing
        osd pool set mypool target_size_ratio .5
        osd pool set mypool hashpspool false
        osd pool delete mypool
        osd pool delete mypool mypool
        osd pool delete mypool other --yes-i-really-really-mean-it
        osd pool delete mypool mypool --yes-i-really-really-mean-it
        osd pool set mypool nodelete false
        osd pool set-quota mypool max_objects 100
        osd pool set-quota mypool max_bytes 10M
        osd pool set-quota mypool max_bytes x
        osd pool set-quota mypool strange 1
        osd pool set-quota nowhere max_bytes 1
        osd pool application enable mypool rbd
        osd pool application enable mypool rgw
        osd pool application enable mypool rgw --yes-i-really-mean-it
        osd pool application set mypool rbd key value
        osd pool application set mypool cephfs key value
        osd pool application rm mypool rbd key
        osd pool application disable mypool rgw
        osd pool application disable mypool rgw --yes-i-really-mean-it
        osd pool application enable nowhere rbd
        osd pool mksnap mypool snap
        osd pool mksnap mypool snap
        osd pool rmsnap mypool snap
        osd pool rmsnap mypool snap
        osd pool rename nowhere some
        osd pool rename few mypool
        osd pool rename few fewer
        osd pool rename few fewer`),
      ...read(`
        osd pool get-quota mypool
        osd pool application get
        osd pool application get mypool
        osd pool application get mypool rbd
        osd pool application get mypool rbd nothing
        osd pool application get mypool cephfs
        osd pool get mypool all
        osd pool ls detail
        osd dump`),
      ...change(`
        osd pool delete mypool mypool --yes-i-really-really-mean-it
        osd pool delete mypool mypool --yes-i-really-really-mean-it
        osd pool rm fewer fewer --yes-i-really-really-mean-it`),
      ...read(`
        osd pool ls
        osd dump`),
    ],
  },
  {
    title: 'crush, profiles, flags and blocklist',
    steps: [
      ...read(`
        osd crush rule ls
        osd crush rule dump
        osd crush rule dump replicated_rule
        osd crush rule dump nothing
        osd crush tree
        osd crush dump
        osd crush class ls
        osd crush show-tunables
        osd crush weight-set ls
        osd erasure-code-profile ls
        osd erasure-code-profile get default
        osd erasure-code-profile get nothing`),
      ...change(`
        osd crush add-bucket rack1 rack
        osd crush add-bucket rack1 rack
        osd crush add-bucket host1 host root=default
        osd crush move rack1 root=default
        osd crush move nothing root=default
        osd crush rule create-simple simple default host
        osd crush rule create-simple simple default host
        osd crush rule create-simple simple2 nowhere host
        osd crush rule create-replicated repl default host
        osd crush rule create-replicated repl default strange
        osd crush rule rename simple simpler
        osd crush rule rm nothing
        osd setmaxosd 4
        osd crush set-tunable straw_calc_version 0
        osd crush tunables hammer
        osd crush tunables default
        osd set noout
        osd set noout
        osd set strange
        osd set nodown
        osd unset nodown
        osd set-require-min-compat-client luminous
        osd set-full-ratio 0.9
        osd set-full-ratio x
        osd set-nearfull-ratio 0.97
        osd set-backfillfull-ratio 0.91
        osd blocklist add 10.0.0.1:0/1
        osd blocklist add 10.0.0.2
        osd blocklist add nonsense
        osd blocklist rm 10.0.0.2
        osd blocklist rm 10.0.0.9:0/7
        osd down 0
        osd out 0
        osd in 0
        osd rm 0
        osd destroy 0 --yes-i-really-mean-it
        osd lost 0
        osd reweight 0 0.5
        osd primary-affinity 0 0.5
        osd create
        osd new 00000000-0000-0000-0000-000000000001`),
      ...read(`
        osd getmaxosd
        osd blocklist ls
        osd erasure-code-profile ls
        osd erasure-code-profile get small
        osd crush rule ls
        osd crush rule dump
        osd crush tree
        osd crush dump
        osd crush ls default
        osd crush show-tunables
        osd tree
        osd tree down
        osd ls
        osd stat
        osd find 0
        osd metadata 0
        osd dump
        health
        health detail
        -s`),
      ...change(`
        osd unset noout
        osd erasure-code-profile rm small
        osd erasure-code-profile rm small
        osd crush rule rm simpler
        osd crush rm rack1
        osd crush rm nothing
        osd blocklist clear
        osd purge 0 --yes-i-really-mean-it
        osd purge 1`),
      ...read(`
        osd tree
        osd dump`),
    ],
  },
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
        config-key put old style`),
      ...read(`
        config-key get a/b
        config-key get a/c
        config-key get empty
        config-key get nothing
        config-key exists a/b
        config-key exists nothing
        config-key dump a/
        config-key ls`),
      ...change(`
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
        log last
        log last 5
        log last 5 warn
        log last 5 warn cluster
        log last 3 debug *
        log last 5 info audit
        log last 5 strange`),
      ...change(`
        health mute TOO_FEW_OSDS
        health mute TOO_FEW_OSDS 10m
        health mute NOTHING
        health mute TOO_FEW_OSDS 1x`),
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
      ...changeShape(`
        report`),
    ],
  },
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
        tell mon.a config unset mon_max_pg_per_osd
        tell mon.a config diff
        tell mon.a injectargs --mon_max_pg_per_osd=78
        tell mon.a injectargs --mon_max_pg_per_osd=x
        tell mon.a strange
        tell mon.a sessions
        tell mon.a git_version
        tell mon.a heap stats
        tell mon.a compact
        tell mon.zz version
        tell mon.a help
        ping mon.a
        ping mon.zz
        daemon mon.a mon_status
        daemon mon.a version
        daemon mon.a config get mon_max_pg_per_osd
        daemon mon.a config get nothing
        daemon mon.a config set mon_max_pg_per_osd 79
        daemon mon.a config set mon_max_pg_per_osd x
        daemon mon.a config show
        daemon mon.a config diff
        daemon mon.a config diff get mon_max_pg_per_osd
        daemon mon.a help
        daemon mon.a quorum_status
        daemon mon.a sessions
        daemon mon.a ops
        daemon mon.a perf dump
        daemon mon.a log flush
        daemon mon.a strange`),
    ],
  },
  {
    title: 'monitors',
    steps: [
      ...change(`
        mon ok-to-stop zz
        mon ok-to-rm zz
        mon remove zz
        mon set-rank zz 0
        mon set-weight zz 1
        mon set-addrs zz 1.2.3.4
        mon feature set nothing
        mon feature set kraken
        mon enable-msgr2
        mon add a 1.2.3.4
        mon set election_strategy strange
        mon scrub
        compact
        sync force`),
      ...read(`
        mon count-metadata ceph_version_short
        mon getmap -o /dev/null`),
    ],
  },
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
  osd erasure-code-profile set small k=2 m=1
  osd crush rule create-erasure ec small
  osd pool create coded 8 8 erasure
  fs new myfs meta data
  fs rm myfs
  fs set-default nothing
  mds rm 5`)
