/**
 * What the cluster's configuration database says for this monitor itself becomes part of its own options. An option
 * that is only read at the start keeps its value until then.
 *
 * Source: ceph src/mon/ConfigMonitor.cc ConfigMonitor::load_config; src/common/config.cc md_config_t::set_mon_vals.
 */
import { OPTIONS } from '../config/option.ts'
import type { OptionError } from '../config/options.ts'
import { ownConfig } from '../service/config/entity-config.ts'
import { adoptOptions } from './adopt-options.ts'
import type { Turn } from './turn.ts'

const describe = (error: OptionError): string =>
  error._tag === 'InvalidValue'
    ? `failed to set ${error.name} = ${error.text}: ${error.why}`
    : `failed to set ${error.name}`

/** After the database has changed. */
export const adoptOwnConfig = (turn: Turn): void => {
  const { config, services } = turn.state
  const { options: before, name } = config
  const values = [...ownConfig(services, name, before.string('host'))]
  const { options, errors } = before.withMonValues(
    new Map(values.filter(([option]) => OPTIONS.get(option)?.runtime === true)),
  )
  for (const error of errors) turn.log(0, describe(error))
  adoptOptions(turn, options)
}
