/** Options of the configuration as Paxos takes them. */
import type { OptionsView } from '../config/view.ts'
import type { PaxosOptions } from '../paxos/state.ts'

/** Paxos's durations, under Ceph's option names. */
export const paxosOptions = (options: OptionsView): PaxosOptions => ({
  leaseMs: options.ms('mon_lease'),
  leaseRenewFactor: options.float('mon_lease_renew_interval_factor'),
  leaseAckTimeoutFactor: options.float('mon_lease_ack_timeout_factor'),
  acceptTimeoutFactor: options.float('mon_accept_timeout_factor'),
  clockDriftAllowedMs: options.ms('mon_clock_drift_allowed'),
  versionsMin: BigInt(options.int('paxos_min')),
  trimMin: BigInt(options.int('paxos_trim_min')),
  trimMax: BigInt(options.int('paxos_trim_max')),
})
