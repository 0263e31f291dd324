/** Commands about a new cluster, its pools and its crush map. */
import { change, read, readShape, type Script } from './command-step.ts'

export const MAP_SCRIPTS: readonly Script[] = [
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
        osd blocklist clear`),
      ...read(`
        osd tree
        osd dump`),
    ],
  },
]
