/** All services of a monitor, by store prefix. The only list of them. */
import { authService } from './auth/service.ts'
import { configService } from './config/service.ts'
import type { PaxosService, ServiceName } from './contract.ts'
import { healthService } from './health/service.ts'
import { kvService } from './kv/service.ts'
import { logService } from './log/service.ts'
import { mdsmapService } from './mdsmap/service.ts'
import { mgrService } from './mgr/service.ts'
import { mgrstatService } from './mgrstat/service.ts'
import { monmapService } from './monmap/service.ts'
import { osdmapService } from './osdmap/service.ts'

export const SERVICES: { readonly [N in ServiceName]: PaxosService<N> } = {
  mdsmap: mdsmapService,
  monmap: monmapService,
  osdmap: osdmapService,
  logm: logService,
  auth: authService,
  mgr: mgrService,
  mgrstat: mgrstatService,
  health: healthService,
  config: configService,
  kv: kvService,
}
