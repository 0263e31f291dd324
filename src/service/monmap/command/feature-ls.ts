/** `mon feature ls`. Source: ceph src/mon/MonmapMonitor.cc preprocess_command. */
import * as t from 'io-ts'
import { requiredMonFeatures } from '../../../map/mon-map/edit.ts'
import {
  MON_FEATURES_ALL,
  monFeatureBits,
  monFeatureNames,
  monFeatureNameWithValue,
} from '../../../map/mon-map/mon-feature.ts'
import { CephBool, queryWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { formatted, streamed } from '../../reply.ts'

const Args = t.partial({ with_value: CephBool })

export const monFeatureLs: CommandHandler = {
  query: ({ monmap }, _request, command) =>
    queryWith(Args, command, ({ with_value: withValue = false }) => {
      const all = { supported: MON_FEATURES_ALL, persistent: MON_FEATURES_ALL }
      const required = requiredMonFeatures(monmap)
      const { persistentFeatures: persistent, optionalFeatures: optional } = monmap
      const names = (features: bigint): readonly string[] =>
        withValue ? monFeatureBits(features).map(monFeatureNameWithValue) : monFeatureNames(features)
      const print = (features: bigint): string => `[${names(features).join(',')}]`
      return streamed(
        formatted(
          command,
          () => ({
            all: { supported: names(all.supported), persistent: names(all.persistent) },
            monmap: {
              persistent: names(persistent),
              optional: names(optional),
              required: names(required),
            },
          }),
          () =>
            'all features\n' +
            `\tsupported: ${print(all.supported)}\n` +
            `\tpersistent: ${print(all.persistent)}\n` +
            `on current monmap (epoch ${monmap.epoch})\n` +
            `\tpersistent: ${print(persistent)}\n` +
            `\trequired: ${print(required)}\n`,
        ),
      )
    }),
}
