/** Entry of `bin/ceph-mon`. */
import { startMonitor } from '../node/runtime.ts'
import { cephMon } from './ceph-mon.ts'

process.exitCode = await cephMon(process.argv.slice(2), process.env, startMonitor)
