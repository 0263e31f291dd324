/** `mon feature set`: makes a feature persistent. Source: ceph src/mon/MonmapMonitor.cc MonmapMonitor::prepare_command. */
import * as t from 'io-ts'
import { monFeatureNames, monFeatureOfName } from '../../../map/mon-map/mon-feature.ts'
import { CephBool, CephString, updateWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed } from '../../reply.ts'
import { changeMonmap } from '../change.ts'

const Args = t.intersection([
  t.type({ feature_name: CephString }),
  t.partial({ yes_i_really_mean_it: CephBool }),
])

const print = (features: bigint): string => `mon_feature_t([${monFeatureNames(features).join(',')}])`

export const monFeatureSet: CommandHandler = {
  update: ({ monmap, quorum }, pendings, request, command) =>
    updateWith(Args, request, command, ({ feature_name: name, yes_i_really_mean_it: sure = false }) => {
      const feature = monFeatureOfName(name)
      if (feature === undefined) return answered(request, failed(ERRNO.ENOENT, `unknown feature '${name}'`))
      if (!sure)
        return answered(
          request,
          failed(
            ERRNO.EPERM,
            "please specify '--yes-i-really-mean-it' if you really, **really** want to set feature " +
              `'${print(feature)}' in the monmap.`,
          ),
        )
      if ((quorum.monFeatures & feature) === 0n)
        return answered(
          request,
          failed(
            ERRNO.EINVAL,
            `current quorum does not support feature '${print(feature)}'; ` +
              `supported features: ${print(quorum.monFeatures)}`,
          ),
        )
      const reply = done(`setting feature '${print(feature)}'`)
      if ((monmap.persistentFeatures & feature) !== 0n) return answered(request, reply)
      return changeMonmap(pendings, request, reply, (map) => ({
        ...map,
        persistentFeatures: map.persistentFeatures | feature,
      }))
    }),
}
