/** Options that decide how peers authenticate, as a value. */
import { parseAuthMethods, parseConModes, type AuthOptions } from '../../auth/options.ts'
import type { OptionsView } from '../../config/view.ts'

export const authOptions = (options: OptionsView): AuthOptions => ({
  clusterMethods: parseAuthMethods(options.string('auth_cluster_required')),
  serviceMethods: parseAuthMethods(options.string('auth_service_required')),
  clientMethods: parseAuthMethods(options.string('auth_client_required')),
  monClusterModes: parseConModes(options.string('ms_mon_cluster_mode')),
  monServiceModes: parseConModes(options.string('ms_mon_service_mode')),
  monTicketTtlSeconds: options.ms('auth_mon_ticket_ttl') / 1000,
  serviceTicketTtlSeconds: options.ms('auth_service_ticket_ttl') / 1000,
  allowInsecureGlobalIdReclaim: options.bool('auth_allow_insecure_global_id_reclaim'),
})
