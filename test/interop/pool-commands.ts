/** Commands about tiers of pools and erasure coded ones. */
import { change, read, type Script } from './command-step.ts'

export const POOL_SCRIPTS: readonly Script[] = [
  {
    title: 'cache tiers',
    steps: [
      ...change(`
        osd pool create base 8
        osd pool create hot 8
        osd pool create third 8
        osd tier add base nothing
        osd tier add nothing hot
        osd tier add base hot
        osd tier add base hot
        osd tier add hot third
        osd tier add third base
        osd tier add third hot
        osd tier cache-mode third writeback
        osd tier cache-mode hot readonly
        osd tier set-overlay base third
        osd tier set-overlay base hot
        osd tier set-overlay base hot
        osd tier cache-mode hot writeback
        osd tier cache-mode hot writeback
        osd tier cache-mode hot none
        osd tier cache-mode hot readproxy
        osd tier cache-mode hot proxy
        osd tier remove base hot
        osd pool delete hot hot --yes-i-really-really-mean-it
        osd pool delete base base --yes-i-really-really-mean-it`),
      ...read(`
        osd pool ls detail
        osd dump
        health detail`),
      ...change(`
        osd tier cache-mode hot readonly --yes-i-really-mean-it
        osd tier cache-mode hot none
        osd tier rm-overlay base
        osd tier remove-overlay base
        osd tier rm base hot
        osd tier remove base hot
        osd tier add-cache base third
        osd tier add-cache base third 1000000
        osd tier add-cache base third 1000000`),
      ...read(`
        osd pool get third all
        osd dump`),
      ...change(`
        osd tier rm-overlay base
        osd tier rm base third
        osd pool mksnap hot s1
        osd tier add base hot
        osd tier add base hot --force-nonempty
        osd pool delete base base --yes-i-really-really-mean-it
        osd pool delete hot hot --yes-i-really-really-mean-it
        osd pool delete third third --yes-i-really-really-mean-it`),
    ],
  },
  {
    title: 'erasure coded pools',
    steps: [
      ...read(`
        osd erasure-code-profile ls
        osd erasure-code-profile get default`),
      ...change(`
        osd erasure-code-profile set small k=2 m=1
        osd erasure-code-profile set small k=2 m=1
        osd erasure-code-profile set small k=3 m=1
        osd erasure-code-profile set small k=3 m=1 --force`),
      ...read(`
        osd erasure-code-profile get small`),
      ...change(`
        osd erasure-code-profile set osdd k=2 m=1 crush-failure-domain=osd
        osd erasure-code-profile set bad1 k=1 m=1
        osd erasure-code-profile set bad2 k=2 m=0
        osd erasure-code-profile set bad3 k=x
        osd erasure-code-profile set bad4 w=7
        osd erasure-code-profile set bad5 technique=strange
        osd erasure-code-profile set bad6 plugin=strange
        osd erasure-code-profile set bad7 crush-failure-domain=strange
        osd erasure-code-profile set bad8 ruleset-root=x
        osd erasure-code-profile set bad9 stripe_unit=5000
        osd erasure-code-profile set bad10 stripe_unit=1024
        osd erasure-code-profile set bad11 stripe_unit=zz
        osd erasure-code-profile set bad12 mapping=DD_ k=2 m=2
        osd erasure-code-profile set r6 technique=reed_sol_r6_op
        osd erasure-code-profile set r6b technique=reed_sol_r6_op m=3
        osd erasure-code-profile set cauchy technique=cauchy_good packetsize=8 k=4 m=2
        osd erasure-code-profile set lib technique=liberation
        osd erasure-code-profile set lib2 technique=liberation w=8
        osd erasure-code-profile set lib3 technique=liberation k=8
        osd erasure-code-profile set blaum technique=blaum_roth w=6
        osd erasure-code-profile set blaum2 technique=blaum_roth w=8
        osd erasure-code-profile set l8 technique=liber8tion
        osd erasure-code-profile set l8b technique=liber8tion m=3
        osd erasure-code-profile set isa plugin=isa
        osd erasure-code-profile set isa2 plugin=isa k=40
        osd erasure-code-profile set isa3 plugin=isa k=30 m=4
        osd erasure-code-profile set isa4 plugin=isa technique=cauchy k=4 m=2
        osd erasure-code-profile set isa5 plugin=isa technique=zz
        osd erasure-code-profile set unit stripe_unit=8192 k=4 m=2 plugin=jerasure`),
      ...read(`
        osd erasure-code-profile ls
        osd erasure-code-profile get r6
        osd erasure-code-profile get cauchy
        osd erasure-code-profile get lib
        osd erasure-code-profile get isa
        osd erasure-code-profile get isa4`),
      ...change(`
        osd crush rule create-erasure ec small
        osd crush rule create-erasure ec small
        osd crush rule create-erasure ecd
        osd crush rule create-erasure ecn nothing`),
      ...read(`
        osd crush rule dump ec
        osd crush rule dump ecd`),
      ...change(`
        osd pool create coded 8 8 erasure
        osd pool create coded 8 8 erasure
        osd pool create coded 8 8 replicated
        osd pool create coded2 8 8 erasure small
        osd pool create coded3 8 8 erasure small ec
        osd pool create coded4 8 8 erasure small nothing
        osd pool create coded5 8 8 erasure nothing
        osd pool create coded6 8 8 erasure small replicated_rule
        osd pool create coded7 8 8 erasure cauchy
        osd pool create coded8 8 8 erasure isa4
        osd pool create coded9 8 8 erasure unit
        osd pool create coded10 8 8 erasure osdd
        osd pool set coded allow_ec_overwrites true
        osd pool set coded size 3
        osd pool set coded min_size 2
        osd pool set coded min_size 9
        osd pool set coded fast_read 1`),
      ...read(`
        osd pool get coded erasure_code_profile
        osd pool get coded all
        osd pool ls detail
        osd crush rule ls
        osd crush rule dump
        osd dump`),
      ...change(`
        osd erasure-code-profile rm small
        osd erasure-code-profile rm r6
        osd erasure-code-profile rm r6
        osd crush rule rm erasure-code
        osd pool rm coded coded --yes-i-really-really-mean-it`),
      ...read(`
        health detail`),
    ],
  },
]
