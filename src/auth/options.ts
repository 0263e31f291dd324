/**
 * The options that decide how peers authenticate, parsed.
 *
 * Source: ceph src/auth/AuthRegistry.cc; defaults as 16.2.15 has them.
 */
import { ENTITY_TYPE } from '../codec/type/entity-name.ts'
import { AUTH_METHOD, CON_MODE } from './contract.ts'

export interface AuthOptions {
  /** Methods between daemons, in the order configured: auth_cluster_required. */
  readonly clusterMethods: readonly number[]
  /** Methods of clients of a daemon: auth_service_required. */
  readonly serviceMethods: readonly number[]
  /** Methods that we accept as a client: auth_client_required. */
  readonly clientMethods: readonly number[]
  /** Connection modes with monitors and managers: ms_mon_cluster_mode. */
  readonly monClusterModes: readonly number[]
  /** Connection modes with everybody else: ms_mon_service_mode. */
  readonly monServiceModes: readonly number[]
  /** auth_mon_ticket_ttl. */
  readonly monTicketTtlSeconds: number
  /** auth_service_ticket_ttl. */
  readonly serviceTicketTtlSeconds: number
  /** auth_allow_insecure_global_id_reclaim. */
  readonly allowInsecureGlobalIdReclaim: boolean
}

export const DEFAULT_AUTH_OPTIONS: AuthOptions = {
  clusterMethods: [AUTH_METHOD.cephx],
  serviceMethods: [AUTH_METHOD.cephx],
  clientMethods: [AUTH_METHOD.cephx, AUTH_METHOD.none],
  monClusterModes: [CON_MODE.secure, CON_MODE.crc],
  monServiceModes: [CON_MODE.secure, CON_MODE.crc],
  monTicketTtlSeconds: 72 * 3600,
  serviceTicketTtlSeconds: 3600,
  allowInsecureGlobalIdReclaim: true,
}

const METHODS: ReadonlyMap<string, number> = new Map(Object.entries(AUTH_METHOD))
const MODES: ReadonlyMap<string, number> = new Map(Object.entries(CON_MODE))

const words = (text: string): readonly string[] => text.split(/[;,= \t]+/).filter((word) => word !== '')

const known = (names: ReadonlyMap<string, number>, text: string): readonly number[] =>
  words(text).flatMap((word) => names.get(word) ?? [])

/** `cephx, none` as method numbers; unknown words, and `gss`, which we do not speak, are left out. */
export const parseAuthMethods = (text: string): readonly number[] => known(METHODS, text)

/** `secure`; a number that is no mode as it is. */
export const printConMode = (mode: number): string =>
  Object.entries(CON_MODE).find(([, number]) => number === mode)?.[0] ?? String(mode)

/** `secure crc` as connection modes; unknown words are left out. */
export const parseConModes = (text: string): readonly number[] => known(MODES, text)

const CLUSTER_TYPES: readonly number[] = [ENTITY_TYPE.mon, ENTITY_TYPE.osd, ENTITY_TYPE.mds, ENTITY_TYPE.mgr]
const MON_TYPES: readonly number[] = [ENTITY_TYPE.mon, ENTITY_TYPE.mgr]

/** Methods for an entity or peer of `type`: those of the cluster for daemons, those of services for the rest. */
export const methodsForType = (options: AuthOptions, type: number): readonly number[] =>
  CLUSTER_TYPES.includes(type) ? options.clusterMethods : options.serviceMethods

/** What AUTH_BAD_METHOD lists for a peer of `peerType`: unlike `methodsForType`, only mon and mgr are the cluster. */
export const advertisedFor = (
  options: AuthOptions,
  peerType: number,
): { readonly methods: readonly number[]; readonly modes: readonly number[] } =>
  MON_TYPES.includes(peerType)
    ? { methods: options.clusterMethods, modes: options.monClusterModes }
    : { methods: options.serviceMethods, modes: options.monServiceModes }

/** The first mode that the peer prefers and we allow; method none has no key, hence only crc. */
export const pickConMode = (
  options: AuthOptions,
  peerType: number,
  method: number,
  preferred: readonly number[],
): number | undefined => {
  const { modes } = advertisedFor(options, peerType)
  const allowed = method === AUTH_METHOD.none ? modes.filter((mode) => mode === CON_MODE.crc) : modes
  return preferred.find((mode) => allowed.includes(mode))
}
