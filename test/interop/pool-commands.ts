/** Commands about tiers of pools. */
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
]
