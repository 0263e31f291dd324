import assert from 'node:assert/strict'
import {
  FEATURE,
  FEATURES_ALL,
  featuresOfRelease,
  hasFeature,
  OSDMAP_FEATURES,
  releaseOfFeatures,
} from '../../src/map/feature.ts'
import {
  MON_FEATURES_ALL,
  monFeatureNames,
  monFeatureOfName,
  releaseOfMonFeatures,
} from '../../src/map/mon-map/mon-feature.ts'
import { RELEASE, releaseName, releaseOfName } from '../../src/map/release.ts'

describe('features', () => {
  it('that select the encoding of an OSDMap are the ones that live incrementals carry', () => {
    assert.equal(OSDMAP_FEATURES, 0x0f00088010212a04n)
  })

  it('that 16.2.15 advertises have every one but OS_PERF_STAT_NS', () => {
    const missing = Object.entries(FEATURE).filter(([, mask]) => !hasFeature(FEATURES_ALL, mask))
    assert.deepEqual(
      missing.map(([name]) => name),
      ['OS_PERF_STAT_NS'],
    )
    assert.equal(FEATURES_ALL, 4540138314316775423n)
  })

  it('need the bits of their incarnation', () => {
    assert.ok(!hasFeature(1n << 2n, FEATURE.SERVER_NAUTILUS))
    assert.equal(FEATURE.STRETCH_MODE, 0x0200000110000000n)
  })

  // `ceph features` of 16.2.15 calls its own clients luminous.
  it('tell the oldest release that looks like them', () => {
    assert.equal(releaseName(releaseOfFeatures(FEATURES_ALL)), 'luminous')
    assert.equal(releaseOfFeatures(0n), RELEASE.unknown)
    for (const release of [
      RELEASE.argonaut,
      RELEASE.firefly,
      RELEASE.hammer,
      RELEASE.jewel,
      RELEASE.luminous,
    ])
      assert.equal(releaseOfFeatures(featuresOfRelease(release)), release)
    assert.equal(featuresOfRelease(RELEASE.pacific), featuresOfRelease(RELEASE.luminous))
  })
})

describe('monitor features', () => {
  it('have the names that ceph mon feature ls prints', () => {
    const names = [
      'kraken',
      'luminous',
      'mimic',
      'osdmap-prune',
      'nautilus',
      'octopus',
      'pacific',
      'elector-pinging',
    ]
    assert.deepEqual(monFeatureNames(MON_FEATURES_ALL), names)
    assert.equal(monFeatureOfName('elector-pinging'), 0x80n)
    assert.equal(monFeatureOfName('x'), undefined)
  })

  it('tell the release', () => {
    assert.equal(releaseOfMonFeatures(MON_FEATURES_ALL), RELEASE.pacific)
    assert.equal(releaseOfMonFeatures(0n), RELEASE.unknown)
  })
})

describe('releases', () => {
  it('have numbers and names', () => {
    assert.equal(releaseName(16), 'pacific')
    assert.equal(releaseOfName('pacific'), 16)
    assert.equal(releaseOfName('unknown'), undefined)
    assert.equal(releaseName(99), 'unknown')
  })
})
